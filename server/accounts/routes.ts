/**
 * Logging in and out.
 *
 *   GET  /van-phong/dang-nhap       200
 *   POST /van-phong/dang-nhap       303 to where the person was going, or to the second factor · 200 what was typed
 *                                   before, to be sent again · 422 wrong name or password · 429
 *   GET  /van-phong/dang-nhap/ma    200 asks for the code of the second factor · 303 nobody owes one
 *   POST /van-phong/dang-nhap/ma    like logging in · 422 wrong code · 429
 *   POST /van-phong/dang-xuat       303
 */
import { type Request, type Response, Router } from 'express';
import { body } from 'express-validator';
import type { Context } from '../context.js';
import { formBodyUpTo } from '../http/body.js';
import { checked } from '../http/checked.js';
import { queryText, seeOther } from '../http/pages.js';
import { CODES, guessLimits, PASSWORDS } from './guessLimits.js';
import { keptBy } from './kept.js';
import { afterPassword, beginSession, endSession, owingCode } from './logIn.js';
import { authenticate } from './passwords.js';
import { takeCode } from './secondFactor.js';

const HOME = '/van-phong';
const LOGIN = '/van-phong/dang-nhap';

/** A form of 64 KB that is carried along, written out once more, and name and password. */
const loginBody = formBodyUpTo(200);

interface LoginForm {
  readonly name: string;
  readonly password: string;
}

/** Routes of logging in and out; for everybody. */
export function accountRoutes(context: Context): Router {
  const routes = Router();

  // In the other language one goes on to the same page, if it is one to go on to.
  routes.use(LOGIN, (request, response, next) => {
    const known = queryText(request, 'tiep') === undefined ? {} : { tiep: destination(request) };
    response.locals.inLanguageHref = (lang) => `?${new URLSearchParams({ ...known, lang })}`;
    next();
  });

  routes.get(LOGIN, (request, response) => {
    response.render('accounts/login', { name: '', wrong: false, ...carried(request) });
  });

  routes.post(
    LOGIN,
    loginBody,
    checked(400, body(['name', 'password']).isString().isLength({ max: 200 })),
    ...guessLimits(context, PASSWORDS, (request) => userName((request.body as LoginForm).name)),
    async (request, response) => {
      const { name, password } = request.body as LoginForm;
      const account = await authenticate(userName(name), password);
      if (!account)
        return response.status(422).render('accounts/login', { name, wrong: true, ...carried(request) });
      if ((await afterPassword(context, request, response, account)) === 'logged-in')
        return goOn(request, response);
      if (carried(request).kept.length > 0)
        return response.render('accounts/code', { wrong: false, ...carried(request) });
      response.redirect(
        303,
        response.locals.href(`${LOGIN}/ma?tiep=${encodeURIComponent(destination(request))}`),
      );
    },
  );

  routes.get(`${LOGIN}/ma`, async (request, response) => {
    if (!(await owingCode(request))) return seeOther(response, LOGIN);
    response.render('accounts/code', { wrong: false, ...carried(request) });
  });

  routes.post(
    `${LOGIN}/ma`,
    loginBody,
    checked(400, body('code').isString().isLength({ max: 200 })),
    ...guessLimits(context, CODES, (request) => request.session.pending?.name ?? ''),
    async (request, response) => {
      const account = await owingCode(request);
      if (!account)
        return response
          .status(422)
          .render('accounts/login', { name: '', wrong: 'late', ...carried(request) });
      if (!(await takeCode(context, account, (request.body as { code: string }).code)))
        return response.status(422).render('accounts/code', { wrong: true, ...carried(request) });
      await beginSession(context, request, response, account);
      goOn(request, response);
    },
  );

  routes.post('/van-phong/dang-xuat', async (request, response) => {
    await endSession(request);
    response.clearCookie('phien', { path: HOME });
    seeOther(response, LOGIN);
  });

  return routes;
}

/** On to where the person was going: a page, or a form that is shown to be sent again. */
function goOn(request: Request, response: Response): void {
  const { kept, next } = carried(request);
  if (kept.length === 0) response.redirect(303, next);
  else response.render('accounts/send-again', { kept, next });
}

/** What a log-in page hands on from step to step. */
function carried(request: Request) {
  return { next: destination(request), kept: keptBy(request) };
}

/** A user name as it was meant: spaces around it are slips, and must not make another name of it. */
function userName(typed: string): string {
  return typed.normalize('NFC').trim();
}

/** Where a person was going: a page of the office's own, never another site; read as a browser would read it. */
function destination(request: Request): string {
  const office = 'http://office.invalid';
  const wanted = queryText(request, 'tiep') ?? HOME;
  if (!URL.canParse(wanted, office)) return HOME;
  const { origin, pathname, search } = new URL(wanted, office);
  const isOffice = origin === office && /^\/van-phong(?:\/(?!dang-nhap)[^/\\]|$)/.test(pathname);
  return isOffice ? pathname + search : HOME;
}

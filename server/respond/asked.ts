/** What the address of a request asks about, among what its link has open today. */
import type { Request, Response } from 'express';
import type { Context } from '../context.js';
import { Problem } from '../http/problem.js';
import { linkCodeOf } from './invited.js';
import { heirsToChooseFrom, type Opening, openingsAt } from './link.js';

/** One survey on one service of one unit, open today. */
export type Asked = Omit<Opening, 'services'> & { readonly service: string };

/** Everything open at the link. @throws {Problem} as `openingsAt` */
export async function openingsHere(
  context: Context,
  request: Request,
  response: Response,
): Promise<Opening[]> {
  const { invited, format } = response.locals;
  const code = linkCodeOf(request, response);
  return openingsAt(code, context.today(), format.day, invited?.round);
}

/** The survey of the address. @throws {Problem} as `openingsAt`, and 404 `no-such-survey` */
export async function openingHere(context: Context, request: Request, response: Response): Promise<Opening> {
  const openings = await openingsHere(context, request, response);
  // The survey of one of several units is found at that unit's own link.
  if (heirsToChooseFrom(openings))
    throw new Problem(404, 'no-such-survey', { code: linkCodeOf(request, response) });
  const opening = openings.find(({ survey }) => survey.id === request.params.survey);
  if (!opening) throw new Problem(404, 'no-such-survey', { code: linkCodeOf(request, response) });
  return opening;
}

/** The survey and service of the address. @throws {Problem} as `openingsAt`, and 404 `no-such-survey` */
export async function askedHere(context: Context, request: Request, response: Response): Promise<Asked> {
  const { services, ...opening } = await openingHere(context, request, response);
  const service = services.find((code) => code === request.params.service);
  if (service === undefined)
    throw new Problem(404, 'no-such-survey', { code: linkCodeOf(request, response) });
  return { ...opening, service };
}

/**
 * The official documents of a round: what is written on them beside the round's own facts, and the Word files.
 *
 *   GET  /van-phong/dot/:round/van-ban              200 what each document holds, its form, its file · 404
 *   POST /van-phong/dot/:round/van-ban/:document    303 kept (`ke-hoach`, `bao-cao`) · 404 · 409 changed meanwhile ·
 *                                                   422 the form again
 *   GET  /van-phong/dot/:round/ke-hoach.docx        200 Kế hoạch khảo sát · 404
 *   GET  /van-phong/dot/:round/bao-cao.docx         200 Báo cáo kết quả · 404 · 409 of a draft there are no figures
 */
import { type Response, Router } from 'express';
import { audited, recordAudit } from '../../models/auditEntries.js';
import { type DocumentKind, keepDocumentFacts } from '../../models/documentFacts.js';
import type { Round } from '../../models/rounds.js';
import type { Context } from '../context.js';
import { type FormBody, formBody } from '../http/body.js';
import { existingRound } from '../http/existingRound.js';
import { queryText, seeOther } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import type { FieldMistake } from '../plans/fields.js';
import { type EnteredFacts, enteredFacts, factsAsEntered, readFacts, seenRevision } from './factsForm.js';
import type { OfficialDocument } from './form/content.js';
import { wordFile } from './form/wordFile.js';
import { outlineOf } from './openPlaces.js';
import { planDocument } from './plan/planDocument.js';
import { planSource } from './plan/planSource.js';
import { chartsOf, NO_CHARTS } from './report/charts.js';
import { reportDocument } from './report/reportDocument.js';
import { reportSource } from './report/reportSource.js';

/** The documents by the names they have in addresses. */
const KINDS: Readonly<Record<string, DocumentKind>> = { 'ke-hoach': 'plan', 'bao-cao': 'report' };

/** Routes of the documents; for people who are logged in. */
export function documentRoutes(context: Context): Router {
  const routes = Router();
  const prefix = context.config.demo ? 'minh-hoa-' : '';

  routes.get('/van-phong/dot/:round/van-ban', async (request, response) => {
    const round = await existingRound(request.params.round);
    await showDocuments(context, response, round, { kept: queryText(request, 'da-luu') });
  });

  routes.post('/van-phong/dot/:round/van-ban/:document', formBody, async (request, response) => {
    const round = await existingRound(String(request.params.round));
    const name = String(request.params.document);
    const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
    if (!kind) throw new Problem(404, 'not-found');
    const form = request.body as FormBody;
    const { facts, mistakes } = readFacts(form, kind);
    if (facts === null) {
      response.status(422);
      return showDocuments(context, response, round, { tried: { kind, form, mistakes } });
    }
    const revision = seenRevision(form);
    const account = accountName(response);
    await audited(
      { account, action: 'document-facts-changed', subject: round._id, details: { document: name } },
      async () => {
        if (!(await keepDocumentFacts(round._id, kind, revision, facts)))
          throw new Problem(409, 'document-changed');
      },
    );
    seeOther(response, `/van-phong/dot/${round._id}/van-ban?da-luu=${name}#${name}`);
  });

  routes.get('/van-phong/dot/:round/ke-hoach.docx', async (request, response) => {
    const round = await existingRound(request.params.round);
    const document = planDocument(await planSource(context, round));
    const { _id: subject } = round;
    const account = accountName(response);
    await recordAudit({ account, action: 'plan-document-downloaded', subject, details: {} });
    await send(response, document, `${prefix}ke-hoach-khao-sat-${subject}`);
  });

  routes.get('/van-phong/dot/:round/bao-cao.docx', async (request, response) => {
    const round = await existingRound(request.params.round);
    if (round.state === 'draft') throw new Problem(409, 'report-of-draft');
    const source = await reportSource(context, round);
    const document = reportDocument(source, await chartsOf(source));
    const { _id: subject } = round;
    const account = accountName(response);
    await recordAudit({ account, action: 'report-document-downloaded', subject, details: {} });
    await send(response, document, `${prefix}bao-cao-ket-qua-${subject}`);
  });

  return routes;
}

async function send(response: Response, document: OfficialDocument, name: string): Promise<void> {
  const file = await wordFile(document);
  response.attachment(`${name}.docx`).set('Cache-Control', 'no-store').send(file);
}

/** A form that cannot be kept. */
interface Tried {
  readonly kind: DocumentKind;
  readonly form: FormBody;
  readonly mistakes: readonly FieldMistake[];
}

/** Answers with the page. @param kept the name of the document that was just kept */
async function showDocuments(
  context: Context,
  response: Response,
  round: Round,
  { kept, tried }: { readonly kept?: string | undefined; readonly tried?: Tried },
): Promise<void> {
  const [plan, report] = await Promise.all([
    planSource(context, round),
    round.state === 'draft' ? null : reportSource(context, round),
  ]);
  const made = [
    { name: 'ke-hoach', kind: 'plan' as const, known: plan.known, document: planDocument(plan) },
    ...(report
      ? [
          {
            name: 'bao-cao',
            kind: 'report' as const,
            known: report.known,
            document: reportDocument(report, NO_CHARTS),
          },
        ]
      : []),
  ];
  const documents = made.map(({ document, known, kind, name }) => {
    const again = tried?.kind === kind ? tried : undefined;
    const entered: EnteredFacts = again
      ? enteredFacts(again.form)
      : factsAsEntered(known.facts, known.revision);
    return {
      ...{ name, kind, entered },
      outline: outlineOf(document),
      confirmed: known.confirmed,
      mistakes: again?.mistakes ?? [],
      justKept: kept === name,
    };
  });
  response.render('documents/documents', { round, documents });
}

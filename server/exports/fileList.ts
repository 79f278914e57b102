/** Every file that a round has, with how many rows each holds. */
import type { Round } from '../../models/rounds.js';
import type { Context } from '../context.js';
import { plainInLanguage } from '../http/language.js';
import { surveysAsked } from '../results/asked.js';
import { earlierRounds } from '../results/earlierRounds.js';
import { resultsOf } from '../results/resultsOf.js';
import { namesOf } from '../results/unitResults.js';
import { groupFileRows } from './groupsFile.js';
import { itemsCount } from './itemsFile.js';
import { levelsCount } from './levelsFile.js';
import { ratesCount } from './ratesFile.js';
import { hasSingleResponses, responsesCount } from './responsesFile.js';

/** A file, or several of one kind. */
export interface ListedFile {
  /** Names its texts: `exports.file.<kind>` and `exports.file.<kind>.text`. */
  readonly kind:
    | 'workbook'
    | 'rates'
    | 'items'
    | 'groups'
    | 'comparison'
    | 'levels'
    | 'responses'
    | 'codebook';
  /** One link for each file; none where there is nothing yet to take away. */
  readonly links: readonly FileLink[];
}

interface FileLink {
  /** Below the round's address, without the form. */
  readonly path: string;
  /** What tells it from the others of its kind; empty where it is the only one. */
  readonly name: string;
  /** Of single responses the responses, a few of which may be left out; null where it is not counted. */
  readonly rows: number | null;
}

/** Every file of a round that is no draft, in the order of the page; nothing for a draft. */
export async function filesOf(context: Context, round: Round, lang: string): Promise<ListedFile[]> {
  if (round.state === 'draft') return [];
  const figures = await resultsOf(context, round);
  const asked = [...(await surveysAsked(round)).values()].map(({ survey }) => survey);
  const only = (path: string, rows: number | null): FileLink[] => [{ path, name: '', rows }];
  const before = (await earlierRounds(round)).map(({ _id, label }) => ({
    path: `so-sanh.csv?so-voi=${_id}`,
    name: label,
    rows: null,
  }));
  const responses = asked.map((survey) => ({
    path: `phieu/${survey.id}.csv`,
    name: plainInLanguage(survey.audience, lang),
    rows: responsesCount(figures, survey),
  }));
  return [
    { kind: 'workbook', links: only('ty-le.xlsx', null) },
    { kind: 'rates', links: only('ty-le.csv', ratesCount(round, figures)) },
    { kind: 'items', links: only('tieu-chi.csv', itemsCount(figures)) },
    { kind: 'levels', links: only('muc-do.csv', levelsCount(figures)) },
    {
      kind: 'groups',
      links: only('nhom.csv', groupFileRows(figures, namesOf(figures.counts), lang).length),
    },
    { kind: 'comparison', links: before },
    {
      kind: 'responses',
      links: hasSingleResponses(round) ? responses.filter(({ rows }) => rows > 0) : [],
    },
    { kind: 'codebook', links: only('giai-thich.csv', null) },
  ];
}

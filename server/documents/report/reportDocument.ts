/** Báo cáo kết quả khảo sát: its sections in the order that reports of departments have. */

import type { Round } from '../../../models/rounds.js';
import type { Context } from '../../context.js';
import { frameOf } from '../facts.js';
import { type Block, closing, gap, type OfficialDocument, paragraph } from '../form/content.js';
import { aboutRound, DEMO_STANDING, format, termsOf } from '../subject.js';
import { phrase, wording } from '../wording.js';
import { unitAppendix } from './byUnit.js';
import { carriedOutBlocks } from './carriedOut.js';
import type { ReportCharts } from './charts.js';
import { comparedBlocks } from './compared.js';
import { itemAppendix } from './itemAppendix.js';
import { measuresBlocks, proposalBlocks } from './measures.js';
import { placeAppendix } from './places.js';
import type { ReportSource } from './reportSource.js';
import { resultBlocks } from './results.js';

/** The document of a round's results. */
export function reportDocument(source: ReportSource, charts: ReportCharts): OfficialDocument {
  const { context, round, known, overview } = source;
  const { about } = termsOf(round);
  const isAnswered = overview.total.responses > 0;
  return {
    ...frameOf(context, known, context.today()),
    kind: phrase('report.kind'),
    kindInText: phrase('report.kind-in-text'),
    about: aboutRound(phrase('report.about'), round),
    standing: standingOf(round, context),
    blocks: [
      paragraph(phrase('report.introduction', { about, round: round.label })),
      ...carriedOutBlocks(source),
      ...resultBlocks(source, charts),
      ...comparedBlocks(source),
      ...measuresBlocks(source),
      ...proposalBlocks(source),
      ...closingBlocks(source),
    ],
    appendices: isAnswered ? [unitAppendix(source), itemAppendix(source), ...placeAppendix(source)] : [],
  };
}

/** That figures may still change, or are made up; null where neither is so. */
function standingOf({ state }: Pick<Round, 'state'>, context: Context): string | null {
  const standing = [
    ...(context.config.demo ? [DEMO_STANDING] : []),
    ...(state === 'open' || state === 'draft'
      ? [phrase('report.provisional', { day: format.day(context.today()) })]
      : []),
  ];
  return standing.length > 0 ? standing.join('. ') : null;
}

function closingBlocks({ round }: ReportSource): Block[] {
  const { about } = termsOf(round);
  return [
    closing(
      wording('report.closing', {
        about,
        round: round.label,
        recipient: gap(phrase('gap.report-recipient')),
      }),
    ),
  ];
}

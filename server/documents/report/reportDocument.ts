/** Báo cáo kết quả khảo sát: its sections in the order that reports of departments have. */

import type { Round } from '../../../models/rounds.js';
import type { Context } from '../../context.js';
import { frameOf } from '../facts.js';
import { type Block, closing, gap, type OfficialDocument, paragraph, text } from '../form/content.js';
import { aboutRound, DEMO_STANDING, format, termsOf } from '../subject.js';
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
    kind: 'BÁO CÁO',
    kindInText: 'Báo cáo',
    about: aboutRound('Kết quả khảo sát', round),
    standing: standingOf(round, context),
    blocks: [
      paragraph(`Sở Giáo dục và Đào tạo báo cáo kết quả khảo sát ${about} (${round.label}) như sau:`),
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
      ? [`SỐ LIỆU TẠM THỜI, tính đến ngày ${format.day(context.today())}; đợt khảo sát chưa đóng`]
      : []),
  ];
  return standing.length > 0 ? standing.join('. ') : null;
}

function closingBlocks({ round }: ReportSource): Block[] {
  const { about } = termsOf(round);
  return [
    closing(
      text`Trên đây là báo cáo kết quả khảo sát ${about} (${round.label}), Sở Giáo dục và Đào tạo kính báo cáo ${gap('nơi nhận báo cáo')}./.`,
    ),
  ];
}

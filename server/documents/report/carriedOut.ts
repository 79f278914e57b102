/** I. Tình hình triển khai: by which documents, whom it asked, how many forms went out and came back. */

import { FLAGS } from '../../../models/responses.js';
import { lastDay } from '../../../models/rounds.js';
import { qualityRows } from '../../results/quality.js';
import {
  type Block,
  gap,
  heading,
  type Inline,
  paragraph,
  type TableRow,
  type Text,
} from '../form/content.js';
import { dayInWords } from '../form/head.js';
import { coordinatingOf } from '../plan/planSource.js';
import { format, listInWords, named, termsOf, words } from '../subject.js';
import { phrase, wording } from '../wording.js';
import type { ReportSource } from './reportSource.js';
import { countCell, lowerFirst } from './shownFigures.js';

export function carriedOutBlocks(source: ReportSource): Block[] {
  return [
    heading(1, phrase('report.carried-out.title')),
    heading(2, phrase('report.carried-out.organised-title')),
    ...organisedBlocks(source),
    heading(2, phrase('report.carried-out.sample-title')),
    ...sampleBlocks(source),
    heading(2, phrase('report.carried-out.forms-title')),
    ...formsBlocks(source),
    ...publishedBlocks(source),
  ];
}

function organisedBlocks({ round, planFacts, plan, measure }: ReportSource): Block[] {
  const { about } = termsOf(round);
  const lead: Inline = round.lead === '' ? gap(phrase('gap.lead')) : round.lead;
  const coordinating = coordinatingOf({ round, measure });
  const others: readonly Inline[] =
    coordinating.length === 0
      ? []
      : [phrase('report.carried-out.with', { others: listInWords(coordinating) })];
  const document: Text =
    planFacts && planFacts.number !== ''
      ? wording('report.carried-out.plan', {
          number: planFacts.number,
          symbol: planFacts.symbol,
          day: dayInWords({ day: planFacts.day, year: round.opens.slice(0, 4) }),
        })
      : wording('report.carried-out.plan-open', { plan: gap(phrase('gap.plan')) });
  const extended = round.history.filter(({ what }) => what === 'extended').at(-1);
  return [
    paragraph(
      wording('report.carried-out.organised', {
        document,
        plan: plan ? phrase('report.carried-out.part-of', { plan: plan.title }) : '',
        lead,
        others,
        about,
        opens: format.day(round.opens),
        closes: format.day(lastDay(round)),
      }),
    ),
    ...(extended
      ? [paragraph(phrase('report.carried-out.extended', { day: format.day(extended.closes) }))]
      : []),
    paragraph(phrase('report.carried-out.ways')),
  ];
}

function sampleBlocks({ round, figures, overview }: ReportSource): Block[] {
  const { design } = round;
  const audiences = [...new Set(figures.columns.map(({ survey }) => named(survey.audience)))];
  const units = figures.counts.units.size;
  const method = round.continuous
    ? phrase('report.carried-out.continuous')
    : !design
      ? wording('report.carried-out.method-open', { method: gap(phrase('gap.method')) })
      : design.parameters.kind === 'census'
        ? phrase('report.carried-out.census')
        : phrase('report.carried-out.drawn', {
            how:
              design.parameters.by.length === 0
                ? phrase('report.carried-out.drawn.random')
                : phrase('report.carried-out.drawn.strata', { strata: design.strata.length }),
            confidence: design.parameters.confidence,
            margin: format.percent(design.parameters.margin),
            scope:
              design.parameters.precisionFor === 'round'
                ? phrase('report.carried-out.drawn.round')
                : phrase('report.carried-out.drawn.stratum'),
          });
  return [
    paragraph(
      phrase('report.carried-out.places', {
        units: format.count(units),
        place: termsOf(round).place,
        people: listInWords(audiences.map(lowerFirst)),
      }),
    ),
    paragraph(method),
    paragraph(
      phrase('report.carried-out.answering', {
        places: format.count(overview.answering.places),
        all: format.count(overview.answering.all),
      }),
    ),
  ];
}

function formsBlocks(source: ReportSource): Block[] {
  const { overview, groups, figures } = source;
  const { total } = overview;
  const { quota } = overview.responseRates;
  const rows: TableRow[] = [
    { cells: ['1', phrase('report.carried-out.row.handed-out'), ...handedOut(source)] },
    ...(quota
      ? [
          {
            cells: [
              '',
              phrase('column.quota'),
              format.count(quota.wanted),
              phrase('report.carried-out.of-quota', { rate: format.percent(quota.rates.ofQuota ?? 0) }),
            ],
          },
        ]
      : []),
    { cells: ['2', phrase('report.carried-out.row.received'), format.count(total.responses), ''] },
    ...groups.channels.map(({ value, summary }) => ({
      cells: ['', `– ${words(`results.channel.${value}`)}`, countCell(summary.responses), ''],
    })),
    {
      cells: [
        '3',
        phrase('report.carried-out.row.valid'),
        format.count(total.responses),
        phrase('report.carried-out.valid-note'),
      ],
    },
  ];
  return [
    {
      kind: 'table',
      caption: phrase('report.carried-out.forms'),
      columns: [
        { heading: phrase('column.order'), width: 10, align: 'mark' },
        { heading: phrase('column.content'), width: 62 },
        { heading: phrase('column.forms'), width: 33, align: 'number' },
        { heading: phrase('column.note'), width: 60 },
      ],
      rows,
    },
    ...qualityBlocks(figures.counts, source.context.config.minimumRespondents),
  ];
}

/** Told by the office, else as the sampling plan expected it. */
function handedOut({ known, figures }: ReportSource): [count: Text, note: Text] {
  const { handedOut } = known.facts;
  if (handedOut !== null) return [format.count(handedOut), ''];
  const planned = [...figures.counts.units.values()].reduce((sum, { forms }) => sum + (forms ?? 0), 0);
  return planned > 0
    ? [[{ proposed: format.count(planned) }], phrase('report.carried-out.planned-note')]
    : [[gap()], phrase('report.carried-out.handed-out-note')];
}

function qualityBlocks(counts: ReportSource['figures']['counts'], minimum: number): Block[] {
  const rows = qualityRows(counts, minimum);
  if (rows.length === 0) return [];
  const of = (flag: (typeof FLAGS)[number]) =>
    rows.reduce((sum, { flags }) => sum + flags[flag].responses, 0);
  const told = FLAGS.filter((flag) => of(flag) > 0).map((flag) =>
    phrase(`report.carried-out.flag.${flag}`, { count: format.count(of(flag)) }),
  );
  return [
    paragraph(
      phrase('report.carried-out.flagged', { units: format.count(rows.length), told: told.join('; ') }),
    ),
  ];
}

/** Where anybody can check the figures of a published round. */
function publishedBlocks({ round: { publications } }: ReportSource): Block[] {
  const last = publications.at(-1);
  if (!last) return [];
  const day = format.day(last.day);
  return [
    paragraph(
      last.revision === 1
        ? phrase('report.carried-out.published', { day })
        : phrase('report.carried-out.published-again', {
            day,
            number: last.revision - 1,
            reason: last.reason,
          }),
    ),
    { kind: 'formula', text: last.seal },
  ];
}

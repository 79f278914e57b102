/** IV. Phương án chọn mẫu, cỡ mẫu: what was decided, by which formula, with which numbers. */
import type { SamplingDesign } from '../../../models/samplingDesign.js';
import { DEFAULT_LANGUAGE } from '../../http/language.js';
import { workedExample } from '../../sampling/planPage.js';
import { stratumName } from '../../sampling/stratumName.js';
import {
  type Block,
  dashes,
  gap,
  heading,
  numberedRows,
  paragraph,
  type TableContent,
} from '../form/content.js';
import { format, words } from '../subject.js';
import { phrase, wording } from '../wording.js';
import type { PlanSource } from './planSource.js';

export function sampleBlocks(source: PlanSource): Block[] {
  const { round, sample } = source;
  const { design } = round;
  const title = heading(1, phrase('plan.sample.title'));
  if (round.continuous) return [title, paragraph(phrase('plan.sample.continuous'))];
  if (!design) return [title, ...withoutDesign(source)];
  const total = (name: 'population' | 'quota' | 'forms' | 'asked' | 'units') =>
    sample.strata.reduce((sum, stratum) => sum + stratum[name], 0);
  return [
    title,
    ...(design.parameters.kind === 'census'
      ? censusBlocks(design, total('population'), total('quota'))
      : drawnBlocks(source, design, total('asked'), total('units'))),
    ...(sample.strata.length > 0 ? [strataTable(source)] : []),
    paragraph(
      phrase('plan.sample.total', {
        quota: format.count(total('quota')),
        forms: format.count(total('forms')),
      }),
    ),
  ];
}

function withoutDesign({ asked }: PlanSource): Block[] {
  const quotas = asked.flatMap(({ quota }) => (quota === null ? [] : [quota]));
  const sum = quotas.reduce((all, one) => all + one, 0);
  if (quotas.length === 0)
    return [
      paragraph(wording('plan.sample.method-open', { method: gap(phrase('gap.method-strata')) })),
      paragraph(wording('plan.sample.size-open', { size: gap(phrase('gap.size')) })),
    ];
  return [
    paragraph(wording('plan.sample.method-open', { method: gap(phrase('gap.method-quotas')) })),
    paragraph(
      phrase('plan.sample.size-given', { sum: format.count(sum), units: format.count(quotas.length) }),
    ),
  ];
}

function censusBlocks(
  { parameters: { responseRate } }: SamplingDesign,
  population: number,
  expected: number,
): Block[] {
  return [
    paragraph(
      phrase('plan.sample.census', {
        population: format.count(population),
        rate: format.percent(responseRate),
        expected: format.count(expected),
      }),
    ),
  ];
}

function drawnBlocks(source: PlanSource, design: SamplingDesign, asked: number, units: number): Block[] {
  const { parameters, seed } = design;
  const by = parameters.by.map((key) => words(`sampling.by.${key}`).toLocaleLowerCase('vi'));
  const steps = [
    by.length === 0
      ? phrase('plan.sample.one-stratum')
      : phrase('plan.sample.strata', { by: by.join(', '), strata: source.sample.strata.length }),
    parameters.drawn === null
      ? phrase('plan.sample.all-units', {
          spread: SPREADS[parameters.spread],
          minimum: format.count(parameters.minimum),
        })
      : phrase('plan.sample.drawn', {
          drawn: format.count(parameters.drawn),
          asked: format.count(asked),
          units: format.count(units),
          spread: SPREADS[parameters.spread],
          minimum: format.count(parameters.minimum),
        }),
    ...(parameters.drawn === null || seed === null ? [] : [phrase('plan.sample.draw', { seed })]),
  ];
  return [
    heading(2, phrase('plan.sample.method-title')),
    ...dashes(...steps),
    heading(2, phrase('plan.sample.size-title')),
    ...formulaBlocks(source, design),
  ];
}

const SPREADS = {
  proportional: phrase('plan.sample.spread.proportional'),
  equal: phrase('plan.sample.spread.equal'),
} as const;

/** The formula with its numbers put in, as the page of the sampling plan shows it. */
function formulaBlocks({ round, sample }: PlanSource, { parameters }: SamplingDesign): Block[] {
  const worked = workedExample(round, sample.strata);
  if (!worked) return [paragraph(wording('plan.sample.size-open', { size: gap(phrase('gap.learners')) }))];
  const share = (value: number) => format.number(Number(value.toFixed(4)));
  const { expected, margin, confidence, designEffect, responseRate } = parameters;
  const two = format.mean;
  const scope =
    worked.stratum === null
      ? phrase('plan.sample.scope.round')
      : phrase('plan.sample.scope.strata', {
          stratum: stratumName(worked.stratum, round, { t: words, lang: DEFAULT_LANGUAGE }),
        });
  return [
    paragraph(phrase('plan.sample.formula', { scope })),
    {
      kind: 'formula',
      text: `n₀ = t² × p × (1 − p) / d² = ${two(worked.deviate)}² × ${share(expected)} × ${share(1 - expected)} / ${share(margin)}² = ${two(worked.unlimited)}`,
    },
    {
      kind: 'formula',
      text: `n = n₀ / (1 + (n₀ − 1) / N) = ${two(worked.unlimited)} / (1 + ${two(worked.unlimited - 1)} / ${format.count(worked.population)}) = ${two(worked.corrected)}`,
    },
    ...(designEffect > 1
      ? [
          {
            kind: 'formula' as const,
            text: `n × deff = ${two(worked.corrected)} × ${format.number(designEffect)} = ${two(worked.corrected * designEffect)}`,
          },
        ]
      : []),
    paragraph(
      phrase(designEffect > 1 ? 'plan.sample.symbols-effect' : 'plan.sample.symbols', {
        confidence,
        margin: format.percent(margin),
        answers: format.count(worked.answers),
        rate: format.percent(responseRate),
        share: share(responseRate),
      }),
    ),
  ];
}

function strataTable({ round, sample: { strata } }: PlanSource): TableContent {
  const sum = (name: 'asked' | 'population' | 'answers' | 'quota' | 'forms') =>
    format.count(strata.reduce((all, stratum) => all + stratum[name], 0));
  return {
    kind: 'table',
    caption: phrase('plan.sample.strata-table'),
    columns: [
      { heading: phrase('column.order'), width: 10, align: 'mark' },
      { heading: phrase('plan.sample.column.stratum'), width: 65 },
      { heading: phrase('column.units'), width: 20, align: 'number' },
      { heading: phrase('column.learners'), width: 24, align: 'number' },
      { heading: phrase('plan.sample.column.formula'), width: 22, align: 'number' },
      { heading: phrase('plan.sample.column.quota'), width: 20, align: 'number' },
      { heading: phrase('column.handed-out'), width: 22, align: 'number' },
    ],
    rows: [
      ...numberedRows(
        strata.map((stratum) => [
          stratumName(stratum, round, { t: words, lang: DEFAULT_LANGUAGE }),
          format.count(stratum.asked),
          format.count(stratum.population),
          format.count(stratum.answers),
          format.count(stratum.quota),
          format.count(stratum.forms),
        ]),
      ),
      {
        cells: [
          '',
          phrase('row.sum'),
          sum('asked'),
          sum('population'),
          sum('answers'),
          sum('quota'),
          sum('forms'),
        ],
        total: true,
      },
    ],
  };
}

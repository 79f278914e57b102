/** IV. Phương án chọn mẫu, cỡ mẫu: what was decided, by which formula, with which numbers. */
import type { SamplingDesign } from '../../../models/samplingDesign.js';
import { DEFAULT_LANGUAGE } from '../../http/language.js';
import { workedExample } from '../../sampling/planPage.js';
import { stratumName } from '../../sampling/stratumName.js';
import { type Block, dashes, gap, heading, paragraph, type TableContent, text } from '../form/content.js';
import { format, words } from '../subject.js';
import type { PlanSource } from './planSource.js';

export function sampleBlocks(source: PlanSource): Block[] {
  const { round, sample } = source;
  const { design } = round;
  const title = heading(1, 'IV. Phương án chọn mẫu, cỡ mẫu');
  if (round.continuous)
    return [
      title,
      paragraph(
        'Khảo sát được thực hiện thường xuyên, liên tục: mọi người dân, tổ chức đã nhận kết quả giải quyết đều được mời trả lời. Vì vậy không chọn mẫu, không ấn định cỡ mẫu và không giao chỉ tiêu phiếu; kết quả được tổng hợp theo quý.',
      ),
    ];
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
      `Tổng chỉ tiêu: ${format.count(total('quota'))} phiếu; số phiếu dự kiến phát: ${format.count(total('forms'))} phiếu. Chỉ tiêu của từng đơn vị tại Phụ lục I.`,
    ),
  ];
}

function withoutDesign({ asked }: PlanSource): Block[] {
  const quotas = asked.flatMap(({ quota }) => (quota === null ? [] : [quota]));
  const sum = quotas.reduce((all, one) => all + one, 0);
  if (quotas.length === 0)
    return [
      paragraph(text`Phương án chọn mẫu: ${gap('toàn bộ hoặc chọn mẫu, cách chia tầng')}.`),
      paragraph(text`Cỡ mẫu: ${gap('số phiếu, cách tính')}.`),
    ];
  return [
    paragraph(text`Phương án chọn mẫu: ${gap('toàn bộ hoặc chọn mẫu, cách xác định chỉ tiêu')}.`),
    paragraph(
      `Cỡ mẫu: ${format.count(sum)} phiếu, giao cho ${format.count(quotas.length)} đơn vị. Chỉ tiêu của từng đơn vị tại Phụ lục I.`,
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
      `Khảo sát toàn bộ: phiếu được gửi đến tất cả ${format.count(population)} học sinh, học viên hoặc cha mẹ, người giám hộ. Với tỷ lệ trả lời dự kiến ${format.percent(responseRate)}, số phiếu dự kiến thu về là ${format.count(expected)} phiếu.`,
    ),
  ];
}

function drawnBlocks(source: PlanSource, design: SamplingDesign, asked: number, units: number): Block[] {
  const { parameters, seed } = design;
  const by = parameters.by.map((key) => words(`sampling.by.${key}`).toLocaleLowerCase('vi'));
  const steps = [
    by.length === 0
      ? 'Không chia tầng: toàn bộ các đơn vị là một tầng.'
      : `Chọn mẫu phân tầng theo ${by.join(', ')}, gồm ${source.sample.strata.length} tầng; cỡ mẫu được phân bổ cho các tầng theo số học sinh, số nguyên theo phương pháp phần dư lớn nhất.`,
    parameters.drawn === null
      ? `Mọi đơn vị đều tham gia; trong mỗi tầng, chỉ tiêu được chia cho các đơn vị ${SPREADS[parameters.spread]}, mỗi đơn vị ít nhất ${format.count(parameters.minimum)} phiếu (đơn vị ít học sinh hơn thì lấy toàn bộ).`
      : `Trong mỗi tầng, ở mỗi cấp học bốc thăm ${format.count(parameters.drawn)} đơn vị (${format.count(asked)} trên ${format.count(units)} đơn vị được chọn); chỉ tiêu được chia cho các đơn vị được chọn ${SPREADS[parameters.spread]}, mỗi đơn vị ít nhất ${format.count(parameters.minimum)} phiếu.`,
    ...(parameters.drawn === null || seed === null
      ? []
      : [
          `Việc bốc thăm thực hiện bằng máy tính, lập lại được: mỗi đơn vị có số bốc thăm là mã băm SHA-256 của “hạt giống/mã đơn vị”, các đơn vị có số nhỏ nhất được chọn; hạt giống là “${seed}”.`,
        ]),
  ];
  return [
    heading(2, '1. Cách chọn mẫu'),
    ...dashes(...steps),
    heading(2, '2. Cỡ mẫu'),
    ...formulaBlocks(source, design),
  ];
}

const SPREADS = { proportional: 'theo số học sinh', equal: 'đều nhau' } as const;

/** The formula with its numbers put in, as the page of the sampling plan shows it. */
function formulaBlocks({ round, sample }: PlanSource, { parameters }: SamplingDesign): Block[] {
  const worked = workedExample(round, sample.strata);
  if (!worked) return [paragraph(text`Cỡ mẫu: ${gap('chưa có số học sinh của các đơn vị')}.`)];
  const share = (value: number) => format.number(Number(value.toFixed(4)));
  const { expected, margin, confidence, designEffect, responseRate } = parameters;
  const two = format.mean;
  const scope =
    worked.stratum === null
      ? 'cho toàn đợt khảo sát'
      : `riêng cho từng tầng (ví dụ tầng lớn nhất: ${stratumName(worked.stratum, round, { t: words, lang: DEFAULT_LANGUAGE })})`;
  return [
    paragraph(
      `Cỡ mẫu tính theo công thức ước lượng một tỷ lệ, có hiệu chỉnh tổng thể hữu hạn (Cochran, 1977), ${scope}:`,
    ),
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
      `Trong đó: t là hệ số ứng với độ tin cậy ${confidence} %; p là tỷ lệ hài lòng dự kiến; d là sai số cho phép (± ${format.percent(margin)}); N là số học sinh, học viên${designEffect > 1 ? '; deff là hệ số thiết kế, vì người cùng đơn vị thường trả lời giống nhau' : ''}. Làm tròn lên: ${format.count(worked.answers)} phiếu. Với tỷ lệ trả lời dự kiến ${format.percent(responseRate)}, số phiếu phát ra bằng chỉ tiêu chia cho ${share(responseRate)}.`,
    ),
  ];
}

function strataTable({ round, sample: { strata } }: PlanSource): TableContent {
  const sum = (name: 'asked' | 'population' | 'answers' | 'quota' | 'forms') =>
    format.count(strata.reduce((all, stratum) => all + stratum[name], 0));
  return {
    kind: 'table',
    caption: 'Cỡ mẫu theo tầng',
    columns: [
      { heading: 'TT', width: 10, align: 'mark' },
      { heading: 'Tầng', width: 65 },
      { heading: 'Số đơn vị', width: 20, align: 'number' },
      { heading: 'Số học sinh', width: 24, align: 'number' },
      { heading: 'Theo công thức', width: 22, align: 'number' },
      { heading: 'Chỉ tiêu', width: 20, align: 'number' },
      { heading: 'Số phiếu phát', width: 22, align: 'number' },
    ],
    rows: [
      ...strata.map((stratum, at) => ({
        cells: [
          String(at + 1),
          stratumName(stratum, round, { t: words, lang: DEFAULT_LANGUAGE }),
          format.count(stratum.asked),
          format.count(stratum.population),
          format.count(stratum.answers),
          format.count(stratum.quota),
          format.count(stratum.forms),
        ],
      })),
      {
        cells: ['', 'Cộng', sum('asked'), sum('population'), sum('answers'), sum('quota'), sum('forms')],
        total: true,
      },
    ],
  };
}

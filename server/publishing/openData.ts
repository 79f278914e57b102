/**
 * The open data of a revision: one CSV file, sealed byte by byte with the rest, so that it never changes and its SHA-256
 * stands in the manifest. RFC 4180, UTF-8 with a byte order mark, points in numbers; what each column means is in the
 * codebook (codebook.ts). A figure that is not shown has empty cells and `an` is 1.
 */

import { setImmediate } from 'node:timers/promises';
import { DEFAULT_LANGUAGE } from '../http/language.js';
import { guarded } from '../lists/formula.js';
import { ownRow, WHOLE } from '../results/counts.js';
import type { RoundFigures } from '../results/roundFigures.js';
import type { Shown, ShownSummary } from '../results/shown.js';
import { textsOf } from '../results/titles.js';
import { type CellFigures, cellFigures, type UnitResults } from '../results/unitResults.js';
import { NOBODY, type Watch } from './watch.js';

/** Under which it is stored, and offered. */
export const OPEN_DATA = 'du-lieu.csv';

/** The columns, as the codebook explains them. */
export const OPEN_DATA_COLUMNS = [
  'don_vi_ma',
  'don_vi',
  'dich_vu_ma',
  'dich_vu',
  'phieu',
  'loai',
  'ma',
  'noi_dung',
  'so_phieu',
  'so_luot_tra_loi',
  'ty_le_hai_long',
  'ci95_thap',
  'ci95_cao',
  'diem_trung_binh',
  'muc_1',
  'muc_2',
  'muc_3',
  'muc_4',
  'muc_5',
  'khong_y_kien',
  'bo_trong',
  'an',
] as const;

/** What a row is about: everything asked, overall satisfaction, a factor, an item, expectation met. */
type Kind = 'tong' | 'hai_long_chung' | 'linh_vuc' | 'tieu_chi' | 'dap_ung_mong_doi';

/** A figure, or what there is of one. */
type Figures = Pick<Shown, 'rate' | 'hidden'> & Partial<Shown>;

/** The file of a whole round. @param watch is told how many units are in it */
export async function openDataCsv(figures: RoundFigures, watch: Watch = NOBODY): Promise<Buffer> {
  const places = [
    { row: WHOLE, code: '', name: '' },
    ...[...figures.counts.units.values()].map(({ unit, name }) => ({ row: ownRow(unit), code: unit, name })),
  ];
  await watch.begin('publishing.step.data', figures.counts.units.size);
  const lines: string[] = [];
  for (const [at, { row, code, name }] of places.entries()) {
    // Others have their turn meanwhile.
    if (at % 40 === 0) {
      await setImmediate();
      await watch.reached(at);
    }
    const cells = figures.counts.columnsOf(row).map((column) => cellFigures(figures, row, column));
    lines.push(...linesOf(code, name, figures.summary(row), cells));
  }
  return fileOf(lines);
}

/** The same of one unit. */
export function unitCsv({ unit, own }: UnitResults): Buffer {
  return fileOf(own ? linesOf(unit.code, unit.name, own.summary, own.cells) : []);
}

function fileOf(lines: readonly string[]): Buffer {
  return Buffer.from(`\uFEFF${[OPEN_DATA_COLUMNS.join(','), ...lines].join('\r\n')}\r\n`);
}

function linesOf(code: string, name: string, whole: ShownSummary, cells: readonly CellFigures[]): string[] {
  if (whole.responses === 0) return [];
  const line = (about: readonly string[], responses: number, shown: Figures) =>
    [
      ...[code, name, ...about].map(cell),
      responses,
      shown.answered,
      shown.rate?.toFixed(1),
      shown.low?.toFixed(1),
      shown.high?.toFixed(1),
      shown.mean?.toFixed(2),
      ...[0, 1, 2, 3, 4].map((level) => shown.levels?.[level]?.toFixed(1)),
      shown.noOpinion?.toFixed(1),
      shown.blank?.toFixed(1),
      shown.hidden ? 1 : 0,
    ]
      .map((value) => value ?? '')
      .join(',');
  const lines = [line(['', '', '', 'tong' satisfies Kind, '', ''], whole.responses, whole.total)];
  for (const { column, summary, factors, items } of cells) {
    if (summary.responses === 0) continue;
    const { service, survey } = column;
    const texts = textsOf(survey, DEFAULT_LANGUAGE);
    const of = (kind: Kind, part: string, shown: Figures) =>
      line(
        [service.code, service.name.vi, survey.id, kind, part, texts.get(part) ?? ''],
        summary.responses,
        shown,
      );
    lines.push(
      of('tong', '', summary.total),
      of('hai_long_chung', '', summary.overall),
      of('dap_ung_mong_doi', '', { rate: summary.expectation, hidden: summary.isExpectationHidden }),
      ...factors.map((part) => of('linh_vuc', part.code, part)),
      ...items.map((part) => of('tieu_chi', part.code, part)),
    );
  }
  return lines;
}

function cell(text: string): string {
  const safe = guarded(text);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The head of an official document: state and motto, agency, number, place and day, kind and subject. */
import {
  BorderStyle,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  VerticalAlignTable,
  WidthType,
} from 'docx';
import type { Day } from '../../../models/day.js';
import { phrase, wording } from '../wording.js';
import { gap, type OfficialDocument, type Text, text } from './content.js';
import { points, TEXT_WIDTH, twips } from './layout.js';
import { runsOf } from './runs.js';
import { STYLE } from './styles.js';

/** Widths of the agency's column and of the state's, millimetres. */
const LEFT = 66;
const RIGHT = TEXT_WIDTH - LEFT;

/** Below the motto as long as it, below the agency and the subject a third to a half of a line. */
const RULES = { motto: 66, agency: 24, about: 56 } as const;

/** Everything above the text. */
export function headOf(document: OfficialDocument): (Table | Paragraph)[] {
  const { superior, agency, number, symbol, place, kind, about, standing } = document;
  return [
    twoColumns(
      [
        [
          line(STYLE.superior, superior),
          line(STYLE.agency, agency),
          rule(RULES.agency, LEFT),
          line(STYLE.number, wording('frame.number', { number, symbol }), points(6)),
        ],
        [
          line(STYLE.state, phrase('frame.state')),
          line(STYLE.motto, phrase('frame.motto')),
          rule(RULES.motto, RIGHT),
          line(STYLE.placeAndDay, text`${place}, ${dayInWords(document)}`, points(6)),
        ],
      ],
      [LEFT, RIGHT],
    ),
    line(STYLE.kind, kind),
    line(STYLE.about, about),
    rule(RULES.about, TEXT_WIDTH),
    ...(standing === null ? [] : [line(STYLE.standing, `(${standing})`)]),
    new Paragraph({ style: STYLE.rule, spacing: { before: points(6), after: 0 } }),
  ];
}

/** `ngày 05 tháng 02 năm 2026`: days below 10 and the first two months are written with a zero. */
export function dayInWords({ day, year }: { day: Day | null; year: string }): Text {
  if (day === null) return wording('frame.day', { day: gap(), month: gap(), year });
  const [of = '', month = '', date = ''] = day.split('-');
  return phrase('frame.day', { day: date, month: Number(month) < 3 ? month : Number(month), year: of });
}

/** Two columns without lines, as head and signature have them. @param widths millimetres */
export function twoColumns(columns: readonly (readonly Paragraph[])[], widths: readonly number[]): Table {
  const none = { style: BorderStyle.NONE, size: 0, color: 'auto' };
  const borders = { top: none, bottom: none, left: none, right: none };
  return new Table({
    layout: TableLayoutType.FIXED,
    width: { size: twips(widths.reduce((sum, width) => sum + width, 0)), type: WidthType.DXA },
    columnWidths: widths.map(twips),
    borders: { ...borders, insideHorizontal: none, insideVertical: none },
    margins: { left: 0, right: 0 },
    rows: [
      new TableRow({
        cantSplit: true,
        children: columns.map(
          (children, at) =>
            new TableCell({
              children: [...children],
              borders,
              width: { size: twips(widths[at] ?? 0), type: WidthType.DXA },
              verticalAlign: VerticalAlignTable.TOP,
            }),
        ),
      }),
    ],
  });
}

/** A line of text in a style. @param before gap above it where it is another than the style's, twentieths of a point */
export function line(style: string, words: Text, before?: number): Paragraph {
  return new Paragraph({
    style,
    children: runsOf(words),
    ...(before === undefined ? {} : { spacing: { before } }),
  });
}

/** A rule in the middle: an empty line with a border. @param length, within: millimetres */
export function rule(length: number, within: number): Paragraph {
  const side = twips((within - length) / 2);
  return new Paragraph({
    style: STYLE.rule,
    indent: { left: side, right: side },
    border: { top: { style: BorderStyle.SINGLE, size: 6, space: 1, color: '000000' } },
  });
}

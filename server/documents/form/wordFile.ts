/** An official document as a Word file in the form of NĐ 30/2020/NĐ-CP, Phụ lục I. */
import {
  Document,
  Footer,
  Header,
  HeadingLevel,
  ImageRun,
  type ISectionOptions,
  Packer,
  PageNumber,
  PageOrientation,
  Paragraph,
  SectionType,
  TextRun,
} from 'docx';
import { type AsyncZippable, strFromU8, strToU8, unzipSync, zip } from 'fflate';
import { phrase, wording } from '../wording.js';
import type { Appendix, Block, OfficialDocument } from './content.js';
import { plainOf } from './content.js';
import { footOf } from './foot.js';
import { dayInWords, headOf, line, rule } from './head.js';
import { PAGE, TEXT_WIDTH, TURNED_WIDTH, twips } from './layout.js';
import { runsOf } from './runs.js';
import { STYLE, styles } from './styles.js';
import { Tables } from './tables.js';

const DOCUMENT = 'word/document.xml';

/** The file, ready to be edited. */
export async function wordFile(document: OfficialDocument): Promise<Buffer> {
  const tables = new Tables();
  const { kindInText, about, agency, standing } = document;
  const file = new Document({
    title: `${kindInText}: ${about}`,
    subject: about,
    creator: agency,
    lastModifiedBy: agency,
    description: standing ?? '',
    styles,
    sections: [
      {
        ...page(document, false),
        children: [
          ...headOf(document),
          ...document.grounds.map((ground) => line(STYLE.ground, ground)),
          ...blocksOf(document.blocks, TEXT_WIDTH, tables),
          ...footOf(document),
        ],
      },
      ...document.appendices.map((appendix, at) => appendixSection(document, appendix, at, tables)),
    ],
  });
  const parts = unzipSync(await Packer.toBuffer(file));
  const written = parts[DOCUMENT];
  if (written) parts[DOCUMENT] = strToU8(tables.putInto(strFromU8(written)));
  return Buffer.from(await zipped(parts));
}

/** Packed beside the thread that answers requests: a province's appendix takes a while. */
function zipped(parts: AsyncZippable): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    zip(parts, { level: 6 }, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
}

/** A page of A4; its number in the middle of the upper margin, not on the first page of the document. */
function page(
  { standing }: OfficialDocument,
  landscape: boolean,
): Pick<ISectionOptions, 'properties' | 'headers' | 'footers'> {
  const { top, bottom, left, right, header } = PAGE;
  const [above, below, before, after] = landscape ? [left, right, bottom, top] : [top, bottom, left, right];
  const number = new Header({
    children: [
      new Paragraph({ style: STYLE.pageNumber, children: [new TextRun({ children: [PageNumber.CURRENT] })] }),
    ],
  });
  const foot = new Footer({
    children: standing === null ? [new Paragraph('')] : [line(STYLE.standing, standing)],
  });
  return {
    properties: {
      type: SectionType.NEXT_PAGE,
      titlePage: true,
      page: {
        size: {
          width: twips(PAGE.width),
          height: twips(PAGE.height),
          orientation: landscape ? PageOrientation.LANDSCAPE : PageOrientation.PORTRAIT,
        },
        margin: {
          top: twips(above),
          bottom: twips(below),
          left: twips(before),
          right: twips(after),
          header: twips(header),
          footer: twips(header),
        },
      },
    },
    headers: { default: number, first: new Header({ children: [new Paragraph('')] }) },
    footers: { default: foot, first: foot },
  };
}

function appendixSection(
  document: OfficialDocument,
  { title, blocks, landscape = false }: Appendix,
  at: number,
  tables: Tables,
): ISectionOptions {
  const { properties } = page(document, landscape);
  const { kindInText, agency, number, symbol } = document;
  const width = landscape ? TURNED_WIDTH : TEXT_WIDTH;
  const count = document.appendices.length;
  return {
    properties: { ...properties, titlePage: false },
    children: [
      line(
        STYLE.appendix,
        count === 1 ? phrase('frame.appendix') : phrase('frame.appendix-number', { number: roman(at + 1) }),
      ),
      line(STYLE.appendixTitle, title),
      line(
        STYLE.appendixOf,
        wording('frame.appendix-of', { kind: kindInText, number, symbol, day: dayInWords(document), agency }),
      ),
      rule(56, width),
      new Paragraph({ style: STYLE.rule, spacing: { before: 120, after: 0 } }),
      ...blocksOf(blocks, width, tables),
    ],
  };
}

const HEADINGS = { 1: HeadingLevel.HEADING_1, 2: HeadingLevel.HEADING_2, 3: HeadingLevel.HEADING_3 } as const;

/** @param width of the text, millimetres */
function blocksOf(blocks: readonly Block[], width: number, tables: Tables): Paragraph[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'figure') return figure(block, width);
    if (block.kind === 'heading')
      return [new Paragraph({ heading: HEADINGS[block.level], children: runsOf(block.text) })];
    if (block.kind === 'paragraph' && block.isLast)
      return [
        new Paragraph({ style: STYLE.body, children: runsOf(block.text), keepNext: true, keepLines: true }),
      ];
    if (block.kind !== 'table')
      return [line(block.kind === 'formula' ? STYLE.formula : STYLE.body, block.text)];
    return [
      ...(block.caption === undefined ? [] : [line(STYLE.caption, block.caption)]),
      tables.marked(block, width),
      ...(block.notes?.length ? block.notes : ['']).map((note) => line(STYLE.note, note)),
    ];
  });
}

/** A picture as wide as the text. 96 pixels are an inch. */
function figure(block: Extract<Block, { kind: 'figure' }>, width: number): Paragraph[] {
  const across = (width / 25.4) * 96;
  const { png, alternative, caption } = block;
  return [
    new Paragraph({
      style: STYLE.figure,
      children: [
        new ImageRun({
          type: 'png',
          data: png,
          transformation: { width: across, height: (across * block.height) / block.width },
          altText: { name: caption, title: caption, description: alternative },
        }),
      ],
    }),
    line(STYLE.caption, plainOf(caption)),
  ];
}

/** 1 as I, up to 39: no document has more appendices. */
function roman(number: number): string {
  const ones = ['', 'I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX'];
  return 'X'.repeat(Math.floor(number / 10)) + (ones[number % 10] ?? '');
}

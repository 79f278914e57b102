/** Text as runs: for docx, and as XML for tables, which are written as text (see tables.ts). */
import { TextRun } from 'docx';
import { inlinesOf, printed, type Text } from './content.js';
import { TO_FILL_IN } from './styles.js';

/** The runs of a text; what is to be filled in is marked yellow. */
export function runsOf(text: Text): TextRun[] {
  return inlinesOf(text).map((part) => {
    const words = printed(part);
    if (typeof part === 'string') return new TextRun(words);
    if ('strong' in part) return new TextRun({ text: words, bold: true });
    return new TextRun({ text: words, style: TO_FILL_IN, highlight: 'yellow' });
  });
}

/** The same as WordprocessingML. */
export function runsXml(text: Text): string {
  return inlinesOf(text)
    .map((part) => {
      const words = `<w:t xml:space="preserve">${escaped(printed(part))}</w:t>`;
      if (typeof part === 'string') return `<w:r>${words}</w:r>`;
      if ('strong' in part) return `<w:r><w:rPr><w:b/><w:bCs/></w:rPr>${words}</w:r>`;
      return `<w:r><w:rPr><w:rStyle w:val="${TO_FILL_IN}"/><w:highlight w:val="yellow"/></w:rPr>${words}</w:r>`;
    })
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** As XML takes it; control characters, which XML 1.0 has no place for, are left out. */
function escaped(words: string): string {
  return words.replace(/[&<>"\p{Cc}\ufffe\uffff]/gu, (letter) => ENTITIES[letter] ?? '');
}

/** What a document holds, and what of it is still to be filled in: told before anybody downloads it. */
import { type Block, inlinesOf, type OfficialDocument, type Text } from './form/content.js';

export interface Outline {
  readonly about: string;
  readonly sections: readonly string[];
  readonly appendices: readonly string[];
  /** Places that are marked to be filled in, and those of them that are proposals to be confirmed. */
  readonly gaps: number;
  readonly proposed: number;
  readonly standing: string | null;
}

export function outlineOf(document: OfficialDocument): Outline {
  const { superior, number, symbol, place, day, grounds, recipients, position, signer, blocks } = document;
  const texts = [superior, number, symbol, place, ...grounds, ...recipients, ...position, signer];
  const parts = [...texts, ...blocks.flatMap(textsOf)].flatMap((text) => inlinesOf(text));
  const count = (name: 'gap' | 'proposed') =>
    parts.filter((part) => typeof part === 'object' && name in part).length;
  return {
    about: document.about,
    sections: blocks.flatMap((block) => (block.kind === 'heading' && block.level === 1 ? [block.text] : [])),
    appendices: document.appendices.map(({ title }) => title),
    gaps: count('gap') + (day === null ? 1 : 0),
    proposed: count('proposed'),
    standing: document.standing,
  };
}

function textsOf(block: Block): Text[] {
  if (block.kind === 'table') return block.rows.flatMap((row) => ('cells' in row ? row.cells : []));
  return block.kind === 'paragraph' || block.kind === 'formula' ? [block.text] : [];
}

/** Reads a Word file back by other means than it was written with: fflate and a DOM of its XML. */
import { DOMParser, type Element } from '@xmldom/xmldom';
import { strFromU8, unzipSync } from 'fflate';

/** A paragraph or a table, in the order of the document. */
export type ReadBlock =
  | { readonly kind: 'paragraph'; readonly style: string; readonly text: string }
  | { readonly kind: 'table'; readonly rows: readonly ReadRow[] };

export interface ReadRow {
  readonly cells: readonly string[];
  /** Repeated on each page. */
  readonly isHead: boolean;
  readonly isWhole: boolean;
  /** Alignment of each cell's style. */
  readonly styles: readonly string[];
}

/** A Word file, read. */
export class WordFile {
  readonly #parts: Readonly<Record<string, Uint8Array>>;
  #body: Element | null = null;
  #blocks: readonly ReadBlock[] | null = null;

  constructor(bytes: Uint8Array) {
    this.#parts = unzipSync(bytes);
  }

  get names(): string[] {
    return Object.keys(this.#parts);
  }

  bytes(name: string): Uint8Array {
    const part = this.#parts[name];
    if (!part) throw new Error(`no part ${name}`);
    return part;
  }

  /** @throws where it is not well-formed */
  xml(name: string): Element {
    const refuse = (level: string, message: string) => {
      throw new Error(`${name}: ${level}: ${message}`);
    };
    const document = new DOMParser({ onError: refuse }).parseFromString(
      strFromU8(this.bytes(name)),
      'text/xml',
    );
    if (!document.documentElement) throw new Error(`${name} is empty`);
    return document.documentElement;
  }

  get body(): Element {
    this.#body ??= only(this.xml('word/document.xml'), 'w:body');
    return this.#body;
  }

  /** The body from its beginning to its end. */
  blocks(): readonly ReadBlock[] {
    this.#blocks ??= childrenOf(this.body).flatMap((element): ReadBlock[] => {
      if (element.tagName === 'w:p')
        return [{ kind: 'paragraph', style: styleOf(element), text: textOf(element) }];
      return element.tagName === 'w:tbl' ? [{ kind: 'table', rows: rowsOf(element) }] : [];
    });
    return this.#blocks;
  }

  /** Everything that is printed, a line for each paragraph and each cell. */
  text(): string {
    return this.blocks()
      .flatMap((block) =>
        block.kind === 'paragraph' ? [block.text] : block.rows.flatMap(({ cells }) => cells),
      )
      .join('\n');
  }

  /** The table below a caption that begins so. @throws where there is none */
  tableUnder(caption: string): readonly ReadRow[] {
    const blocks = this.blocks();
    const at = blocks.findIndex((block) => block.kind === 'paragraph' && block.text.startsWith(caption));
    const table = blocks.slice(at + 1).find((block) => block.kind === 'table');
    if (at === -1 || table?.kind !== 'table') throw new Error(`no table under “${caption}”`);
    return table.rows;
  }

  /** What is marked to be filled in or confirmed. */
  marked(): string[] {
    return elements(this.body, 'w:r')
      .filter((run) => elements(run, 'w:highlight').length > 0)
      .map(textOf);
  }
}

function rowsOf(table: Element): ReadRow[] {
  return elements(table, 'w:tr').map((row) => {
    const cells = elements(row, 'w:tc');
    return {
      cells: cells.map((cell) => elements(cell, 'w:p').map(textOf).join('\n')),
      styles: cells.map((cell) => styleOf(elements(cell, 'w:p')[0] ?? cell)),
      isHead: elements(row, 'w:tblHeader').length > 0,
      isWhole: elements(row, 'w:cantSplit').length > 0,
    };
  });
}

/** Elements of a name anywhere below one. */
export function elements(below: Element, name: string): Element[] {
  return childrenOf(below).flatMap((child) => [
    ...(child.tagName === name ? [child] : []),
    ...elements(child, name),
  ]);
}

/** The only element of a name below one. @throws where there are none or several */
export function only(below: Element, name: string): Element {
  const [element, ...others] = elements(below, name);
  if (!element || others.length > 0) throw new Error(`${others.length + (element ? 1 : 0)} of ${name}`);
  return element;
}

/** An attribute as a number. */
export function numberIn(element: Element | undefined, name: string): number {
  return Number(element?.getAttribute(name) ?? Number.NaN);
}

function childrenOf(element: Element): Element[] {
  const children: Element[] = [];
  for (let node = element.firstChild; node; node = node.nextSibling)
    if (node.nodeType === 1) children.push(node as Element);
  return children;
}

function styleOf(element: Element): string {
  return elements(element, 'w:pStyle')[0]?.getAttribute('w:val') ?? '';
}

function textOf(element: Element): string {
  return elements(element, 'w:t')
    .map((text) => text.textContent ?? '')
    .join('');
}

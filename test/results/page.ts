import { unescaped } from '../http/markup.js';

/** The cells of every table row of a page as text, white space (also the narrow kinds) as one space. */
export function rowsOf(html: string): string[][] {
  return [...html.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => textOf(cell)),
  );
}

/** The row of one service at one unit. */
export function unitRowOf(html: string, unit: string, service: string): string[] {
  const row = new RegExp(`<tr data-unit="${unit}" data-service="${service}">.*?</tr>`, 's').exec(html)?.[0];
  return rowsOf(row ?? '')[0] ?? [];
}

/** The row of one survey over all units. */
export function columnRowOf(html: string, survey: string): string[] {
  const row = new RegExp(`<tr data-survey="${survey}".*?</tr>`, 's').exec(html)?.[0];
  return rowsOf(row ?? '')[0] ?? [];
}

/** The row of one way to put the overall rate together. */
export function wayOf(html: string, way: string): string[] {
  const row = new RegExp(`<tr data-way="${way}".*?</tr>`, 's').exec(html)?.[0];
  return rowsOf(row ?? '')[0] ?? [];
}

/** The figure at the head of the page under a heading: its value, and what is written below it. */
export function figureOf(html: string, heading: string): { value: string; note: string } | undefined {
  for (const [, figure = ''] of html.matchAll(/<li>(.*?)<\/li>/gs)) {
    const [, title = '', value = '', note = ''] =
      /<span>(.*?)<\/span>\s*<strong>(.*?)<\/strong>(.*)/s.exec(figure) ?? [];
    if (textOf(title) === heading) return { value: textOf(value), note: textOf(note) };
  }
  return undefined;
}

function textOf(html: string): string {
  return unescaped(html.replace(/<[^>]*>/g, ' ').replaceAll('&nbsp;', ' '))
    .replace(/\s+/g, ' ')
    .trim();
}

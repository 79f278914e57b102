/**
 * The SVG of echarts as a page with a strict content security policy may hold it: what it says by `style` is said by
 * presentation attributes, rules for a mouse are gone, colours have class names, ids depend on nothing but the picture.
 */
import { createHash } from 'node:crypto';
import { colourName } from './palette.js';

/** The fonts of a page first; files fall back on the one they are drawn with. */
const FONTS = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Be Vietnam Pro', Arial, sans-serif";
const NOT_WANTED = /^(style|class|pointer-events|ecmeta_.*|xml:space|xmlns:xlink|baseProfile)$/;

/** @param svg as echarts writes it @param title what the picture is of, for those who do not see it */
export function presented(svg: string, title: string): string {
  const plain = svg
    .replace(/<style[^>]*>.*?<\/style>/gs, '')
    .replace(
      /<([\w:]+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>/g,
      (_, tag: string, attributes: string, end: string) =>
        tag === 'svg' ? '<svg>' : `<${tag}${withoutStyle(tag, attributes)}${end}>`,
    );
  const size = /width="([\d.]+)" height="([\d.]+)"/.exec(svg);
  const [, width = '0', height = '0'] = size ?? [];
  const head =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `class="chart" role="img" aria-label="${inAttribute(title)}" font-family="${FONTS}">`;
  // A title may hold what a replacement would take for a sign, such as $&.
  const body = plain.replace('<svg>', () => head).replace(/\n\s*/g, '');
  const name = createHash('sha256')
    .update(body.replace(/\bzr\d+-/g, ''))
    .digest('hex')
    .slice(0, 8);
  return body.replace(/\bzr\d+-/g, `c${name}-`);
}

function withoutStyle(tag: string, attributes: string): string {
  const kept: string[] = [];
  const classes: string[] = [];
  for (const [, name = '', value = ''] of attributes.matchAll(/([\w:-]+)="([^"]*)"/g)) {
    if (name === 'style') kept.push(...fontOf(value));
    // Not every program that opens an SVG knows the attribute; all know where a letter's base line is.
    else if (name === 'dominant-baseline') kept.push('dy="0.35em"');
    else if (!NOT_WANTED.test(name)) kept.push(`${name}="${value}"`);
    const colour = name === 'fill' || name === 'stroke' ? colourName(value) : undefined;
    if (colour) classes.push(`${name[0]}-${colour}`);
  }
  if (classes.length > 0) kept.push(`class="${classes.join(' ')}"`);
  if (tag === 'text' && !kept.some((each) => each.startsWith('font-size'))) kept.push('font-size="12"');
  return kept.map((each) => ` ${each}`).join('');
}

function fontOf(style: string): string[] {
  const size = /([\d.]+)px/.exec(style)?.[1];
  const weight = /\b(600|bold)\b/.exec(style) ? ['font-weight="600"'] : [];
  return [...(size ? [`font-size="${size}"`] : []), ...weight];
}

function inAttribute(text: string): string {
  return text
    .replace(/[^\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** Pictures read back: their texts as a person sees them, and what a program that knows only XML makes of them. */
import { Resvg } from '@resvg/resvg-js';
import { unescaped } from '../http/markup.js';

/** Every text of a picture, in the order in which it is drawn. */
export function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => unescaped(text));
}

/** Size of the picture as an independent reader of SVG finds it; throws where it is no well-formed XML. */
export function sizeOf(svg: string): { width: number; height: number } {
  const { width, height } = new Resvg(svg, { font: { loadSystemFonts: false } });
  return { width, height };
}

/** What figures are written with where there is no template: in files and pictures. */
import type { Response } from 'express';
import { type Format, formatOf } from '../http/format.js';
import { plainInLanguage, type Translate, translator } from '../http/language.js';

export interface Words {
  readonly lang: string;
  readonly t: Translate;
  readonly format: Format;
  /** A name that is kept by language. */
  readonly name: (texts: Readonly<Record<string, string>>) => string;
}

/** The words of the language that a page is in. */
export function wordsOf({ locals: { lang } }: Pick<Response, 'locals'>): Words {
  return { lang, t: translator(lang), format: formatOf(lang), name: (texts) => plainInLanguage(texts, lang) };
}

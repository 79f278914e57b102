/**
 * Parts of a page in another language than the page: said in the markup, so that a screen reader speaks them
 * rightly (WCAG 2.2, 3.1.2). Texts are marked where they are looked up, and the marks become `lang` once the page is
 * rendered, so no template need think of it.
 */
import { randomBytes } from 'node:crypto';
import { DEFAULT_LANGUAGE } from './languageFiles.js';

/** New with every start and never sent: what a person types cannot hold it. */
const SECRET = `\uE000${randomBytes(8).toString('hex')}`;
const DEFAULT = `${SECRET}d`;
const OWN = `${SECRET}o`;
const END = `${SECRET}e`;

/** A text in the default language, for a page in another. */
export function inDefaultLanguage(text: string): string {
  return DEFAULT + text + END;
}

/** A text in the page's language that may be filled into one in the default language. */
export function inPageLanguage(text: string): string {
  return OWN + text + END;
}

const ATTRIBUTES = `(?:"[^"]*"|'[^']*'|[^'">])*`;
/** A mark, or a part of the page in which there can be no elements: a comment, these elements, any other tag. */
const PARTS = new RegExp(
  `${SECRET}[doe]|<!--.*?-->|<(script|style|title|textarea|option)\\b${ATTRIBUTES}>.*?</\\1\\s*>|</?[a-z]${ATTRIBUTES}>`,
  'gis',
);
const MARKS = new RegExp(`${SECRET}[doe]`, 'g');

/**
 * A rendered page with its marks made into elements: what is in another language than the text around it is in a
 * `<bdi lang>`. Attributes and elements that hold only text cannot say it and lose their marks. Not `<span>`: style
 * sheets give the spans of choices and figures a look, and the form's script counts them.
 */
export function withLanguages(html: string, pageLanguage: string): string {
  if (!html.includes(SECRET)) return html;
  const around = [pageLanguage];
  const begun = (language: string) => {
    const same = language === around.at(-1);
    around.push(language);
    return same ? '' : `<bdi lang="${language}">`;
  };
  return html.replace(PARTS, (part) => {
    if (part === DEFAULT) return begun(DEFAULT_LANGUAGE);
    if (part === OWN) return begun(pageLanguage);
    if (part === END) return around.pop() === around.at(-1) ? '' : '</bdi>';
    return part.includes(SECRET) ? part.replace(MARKS, '') : part;
  });
}

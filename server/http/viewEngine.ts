/** How templates become pages: EJS, then the languages of their parts. */
import ejs from 'ejs';
import { withLanguages } from './languageMarks.js';

/** Express's view engine for `.ejs`; `lang` is the page's language. */
export function viewEngine(
  file: string,
  data: { lang?: string },
  done: (error: unknown, html?: string) => void,
): void {
  ejs.renderFile(file, data, (error, html) =>
    error ? done(error) : done(null, withLanguages(html, data.lang ?? '')),
  );
}

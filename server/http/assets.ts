/** Styles and scripts: inside every public page, so that a phone needs one request; one file for the office. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Router } from 'express';
import { projectPath } from '../paths.js';

/** The style inside every public page. */
export const publicCss = withPlainValues(compact('base.css', 'public.css'));

const officeCss = compact(
  'base.css',
  'office.css',
  'rounds.css',
  'progress.css',
  'exports.css',
  'documents.css',
  'figures.css',
);
const printCss = compact('print.css');
const publishedCss = compact('base.css', 'office.css', 'figures.css', 'published.css');

/** The first characters of a digest: an address with it changes with the content. */
function versionOf(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12);
}

/** The script inside every public page. */
export const publicScript = compact('public.js');

/** The script inside every form. */
export const formScript = compact('form.js');

/** The script inside the entry screen for paper forms. */
export const paperScript = compact('paper.js');

/** The style around the form on the desk's tablet. */
export const kioskCss = compact('kiosk.css');

/** The script around the form on the desk's tablet. */
export const kioskScript = compact('kiosk.js');

/** Address of the service worker. It is the same for every version, as browsers compare what is there themselves. */
const WORKER_PATH = '/phieu-worker.js';

const worker = compact('worker.js');

/** Address of the office's style sheet; it changes with the content, so browsers may keep it for ever. */
export const officeCssPath = `/assets/office-${versionOf(officeCss)}.css`;

/** Address of the style sheet of published results. */
export const publishedCssPath = `/assets/published-${versionOf(publishedCss)}.css`;

/** Address of the style sheet of what is handed out on paper. */
export const printCssPath = `/assets/print-${versionOf(printCss)}.css`;

/** The script of pages that hand something out: to copy, to print. */
export const handOutScript = compact('handOut.js');

/** The script that filters the tree of units as one types; without it the form asks the server. */
export const unitFilterScript = compact('unitFilter.js');

/** The script of pages of figures: narrows a long table as one types, copies the page's address. */
export const figuresScript = compact('figures.js');

/** The script inside the progress board. */
export const progressScript = compact('progress.js');

const FOR_EVER = 'public, max-age=31536000, immutable';

/** Routes of the office's style sheets and of the service worker. */
export function assetRoutes(): Router {
  return Router()
    .get(officeCssPath, (_request, response) => {
      response.type('css').set('Cache-Control', FOR_EVER).send(officeCss);
    })
    .get(publishedCssPath, (_request, response) => {
      response.type('css').set('Cache-Control', FOR_EVER).send(publishedCss);
    })
    .get(printCssPath, (_request, response) => {
      response.type('css').set('Cache-Control', FOR_EVER).send(printCss);
    })
    .get(WORKER_PATH, (_request, response) => {
      response.type('js').set('Cache-Control', 'no-cache').send(worker);
    });
}

/** Files joined, without comments and indentation. */
function compact(...files: string[]): string {
  return files
    .map((file) => readFileSync(projectPath('views', 'assets', file), 'utf8'))
    .join('')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\n\s*/g, '');
}

/**
 * A style that browsers without custom properties (Android before 2016) understand as well: before each declaration
 * that uses the properties of the first `:root`, the same with their values.
 */
function withPlainValues(css: string): string {
  const [root = ''] = /:root \{[^}]*\}/.exec(css) ?? [];
  const values = new Map([...root.matchAll(/(--[\w-]+): ([^;}]+)/g)].map(([, name, value]) => [name, value]));
  return css.replace(
    /([{;])([a-z-]+:[^;{}]*var\(--[^;{}]*)/g,
    (whole, before: string, declaration: string) => {
      const plain = declaration.replace(/var\((--[\w-]+)\)/g, (use, name: string) => values.get(name) ?? use);
      return plain.includes('var(') ? whole : `${before}${plain};${declaration}`;
    },
  );
}

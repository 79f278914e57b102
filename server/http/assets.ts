/** Styles and scripts: inside every public page, so that a phone needs one request; one file for the office. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Router } from 'express';
import { projectPath } from '../paths.js';

/** The style inside every public page. */
export const publicCss = compact('base.css', 'public.css');

const officeCss = compact('base.css', 'office.css');
const version = createHash('sha256').update(officeCss).digest('hex').slice(0, 12);

/** The script inside every form. */
export const formScript = compact('form.js');

/** Address of the office's style sheet; it changes with the content, so browsers may keep it for ever. */
export const officeCssPath = `/assets/office-${version}.css`;

/** Route of the office's style sheet. */
export function assetRoutes(): Router {
  return Router().get(officeCssPath, (_request, response) => {
    response.type('css').set('Cache-Control', 'public, max-age=31536000, immutable').send(officeCss);
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

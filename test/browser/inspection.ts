/**
 * Looks at a page as it stands: accessibility (axe), what the browser complained about, and with a ruler for what
 * is cut off, hangs over the edge or is too small to hit.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What a browser said and asked for while pages were open. */
export interface Overheard {
  /** Errors and warnings of the console, refused content included. */
  readonly complaints: string[];
  /** Requests beside the pages themselves. */
  readonly requests: string[];
}

export function overhear(page: Page): Overheard {
  const overheard: Overheard = { complaints: [], requests: [] };
  page.on('console', (message) => {
    // The status of a page that is meant to be an error page is no complaint.
    if (['error', 'warning'].includes(message.type()) && !/status of 4\d\d/.test(message.text()))
      overheard.complaints.push(message.text());
  });
  page.on('pageerror', (error) => overheard.complaints.push(String(error)));
  page.on('request', (request) => {
    if (request.resourceType() !== 'document' && !request.url().startsWith('data:'))
      overheard.requests.push(request.url());
  });
  return overheard;
}

/**
 * Everything wrong with the page, in light and dark, at 1280, 360 and 320 pixels; leaves it at 360, light.
 * @param target smallest side of what can be pressed, CSS pixels
 */
export async function findings(page: Page, target: 24 | 48): Promise<string[]> {
  const found = new Set<string>();
  await page.evaluate(axeSource);
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: width === 360 ? 740 : 800 });
    for (const misfit of await misfits(page, target)) found.add(`${width}: ${misfit}`);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const violation of await violations(page)) found.add(`${width} ${colorScheme}: ${violation}`);
    }
  }
  await page.setViewportSize({ width: 320, height: 568 });
  for (const misfit of await misfits(page, target)) found.add(`320: ${misfit}`);
  await page.setViewportSize({ width: 360, height: 740 });
  return [...found].slice(0, 12);
}

/** Rules broken on the page, by what and where. */
function violations(page: Page): Promise<string[]> {
  return page.evaluate(async (tags) => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const result = await axe.run(document, {
      runOnly: { type: 'tag', values: tags },
      resultTypes: ['violations'],
    });
    return result.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, html }) => `${id}: ${target} ${html.slice(0, 120)}`),
    );
  }, AXE_TAGS);
}

function misfits(page: Page, least: number): Promise<string[]> {
  return page.evaluate((smallest) => {
    const found: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) found.push(`scrolls sideways: ${root.scrollWidth}`);
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      const { left, right, width, height } = element.getBoundingClientRect();
      if (width === 0 || element.closest('.skip, .sr, svg')) continue;
      const say = (what: string) => found.push(`${what}: ${element.outerHTML.slice(0, 100)}`);
      // Tables and lists of columns scroll inside their own frame.
      if (!element.closest('.table, pre, textarea')) {
        if (left < -0.5 || right > root.clientWidth + 0.5) say('over the edge');
        const cut = element.scrollWidth > element.clientWidth + 1;
        if (cut && getComputedStyle(element).display !== 'inline' && !element.matches('input, select'))
          say('cut off');
      }
      if (element.matches('button, .button, .choices a, label:has(input), select, textarea, .row input'))
        if (height < smallest || width < smallest) say(`target ${Math.round(width)}×${Math.round(height)}`);
      // Links in running text may be as high as a line (WCAG 2.2, 2.5.8).
      if (element.matches('a') && height < 24) say(`link ${Math.round(height)} high`);
    }
    return found;
  }, least);
}

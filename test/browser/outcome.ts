import type { Page } from 'playwright-core';

/** Waits until a button has led to a page: straight there, or by way of a job that took longer than a moment. */
export async function outcomeAt(page: Page, address: RegExp): Promise<void> {
  await page.waitForURL((url) => address.test(url.pathname) || url.pathname.includes('/viec/'));
  if (address.test(new URL(page.url()).pathname)) return;
  // The page of a job looks again by itself until there is something to look at.
  await page.locator('main .bar a.button').click();
  await page.waitForURL(address);
}

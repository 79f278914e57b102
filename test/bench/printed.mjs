/** What all benches share: how figures are printed, and how long something took. */

/** Prints a figure, and the aim it is held against. */
export function line(what, figure, aim = '') {
  console.log(`${what.padEnd(62)} ${String(figure).padStart(14)}   ${aim}`);
}

export const inSeconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
export const inMs = (ms) => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
export const inMegabytes = (bytes) => `${Math.round(bytes / 2 ** 20)} MB`;
export const inWords = (count) => count.toLocaleString('en');

export const median = (figures) => quantile(figures, 0.5);
export const quantile = (figures, share) =>
  figures.toSorted((a, b) => a - b)[Math.floor(figures.length * share)];

/** What `work` gives, and how long it took in milliseconds. */
export async function timed(work) {
  const began = performance.now();
  const result = await work();
  return { ms: performance.now() - began, result };
}

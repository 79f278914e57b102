/** Markup as a person reads it. */

/** Text out of HTML or SVG with its characters for themselves. */
export function unescaped(markup: string): string {
  return markup
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll(/&#34;|&quot;/g, '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

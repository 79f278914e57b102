/** QR codes (ISO/IEC 18004), drawn as one path so that hundreds fit on a page that prints sharp at any size. */
import QRCode from 'qrcode';

/**
 * How much of a code may be lost: `H` 30 %, for posters that are copied, folded and rained on; `Q` 25 %, for what is
 * small and read from close by.
 */
export type Correction = 'Q' | 'H';

/** The free margin that readers need, in modules (ISO/IEC 18004, 6.3.8). */
const QUIET = 4;

/** A code as an SVG element; black on white also where the page is dark. @param label what it is, for who cannot see it */
export function qrSvg(text: string, correction: Correction, label: string): string {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: correction });
  const { size, data } = modules;
  let path = '';
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1) {
      if (!data[y * size + x]) continue;
      let width = 1;
      while (x + width < size && data[y * size + x + width]) width += 1;
      path += `M${x + QUIET} ${y + QUIET}h${width}v1h-${width}z`;
      x += width;
    }
  const whole = size + 2 * QUIET;
  return (
    `<svg class="qr" viewBox="0 0 ${whole} ${whole}" role="img" aria-label="${escaped(label)}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${whole}v${whole}h-${whole}z"/><path fill="#000" d="${path}"/></svg>`
  );
}

/** The same as a file that stands alone. */
export function qrSvgFile(text: string, label: string): string {
  return qrSvg(text, 'Q', label).replace(
    '<svg ',
    '<svg xmlns="http://www.w3.org/2000/svg" width="1024" height="1024" ',
  );
}

/** A code as a PNG of about a thousand pixels, to be sent in a message. */
export function qrPng(text: string): Promise<Buffer> {
  return QRCode.toBuffer(text, { errorCorrectionLevel: 'Q', margin: QUIET, width: 1024, type: 'png' });
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`);
}

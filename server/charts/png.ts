/** Pictures as PNG, drawn with a font that comes with the product: a server often has none, least of all Vietnamese. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const fonts = () =>
  [
    require.resolve('@expo-google-fonts/be-vietnam-pro/400Regular/BeVietnamPro_400Regular.ttf'),
    require.resolve('@expo-google-fonts/be-vietnam-pro/600SemiBold/BeVietnamPro_600SemiBold.ttf'),
  ] as const;
const FAMILY = 'Be Vietnam Pro';

/**
 * A picture as PNG on white.
 * @param svg a picture of this folder
 * @param width in pixels; twice the width of the picture is sharp in print
 */
export async function pngOf(svg: string, { width }: { readonly width: number }): Promise<Buffer> {
  const { renderAsync } = await import('@resvg/resvg-js');
  const image = await renderAsync(svg.replace(/font-family="[^"]*"/, `font-family="${FAMILY}"`), {
    background: '#ffffff',
    fitTo: { mode: 'width', value: width },
    font: { loadSystemFonts: false, fontFiles: [...fonts()], defaultFontFamily: FAMILY },
  });
  return image.asPng();
}

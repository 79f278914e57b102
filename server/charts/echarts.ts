/**
 * The parts of echarts that pictures are made with. Only these are loaded, and only when the first picture is asked
 * for: they cost a third of a second and some 20 MB.
 */
import 'echarts/lib/chart/custom.js';
import 'echarts/lib/component/gridSimple.js';
import { init, setPlatformAPI, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { textWidth } from './textWidth.js';

use([SVGRenderer]);
setPlatformAPI({
  measureText: (text: string, font?: string) => ({
    width: textWidth(text, Number(/([\d.]+)px/.exec(font ?? '')?.[1] ?? 12)),
  }),
});

export { init };

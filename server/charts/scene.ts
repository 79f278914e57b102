/** A picture as shapes on a scale; echarts lays the scale out and writes the SVG. */
import type { CustomSeriesOption } from 'echarts/charts';
import type { EChartsCoreOption } from 'echarts/core';
import { COLOURS, type Colour } from './palette.js';
import { presented } from './presented.js';

/** Where a value of the scale lies, in pixels. */
export type Across = (value: number) => number;

export type Shape =
  | {
      readonly kind: 'rect';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly fill: Colour;
      readonly edge?: Colour;
      readonly hatched?: boolean;
    }
  | {
      readonly kind: 'line';
      /** x, y, x, y, … */
      readonly points: readonly number[];
      readonly colour: Colour;
      readonly thick?: number;
      readonly dash?: readonly number[];
    }
  | {
      readonly kind: 'dot';
      readonly x: number;
      readonly y: number;
      readonly radius: number;
      readonly fill: Colour;
      readonly edge: Colour;
    }
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly x: number;
      /** Its middle. */
      readonly y: number;
      readonly colour: Colour;
      readonly size?: number;
      readonly bold?: boolean;
      readonly align?: 'left' | 'center' | 'right';
    };

export interface Scene {
  /** What the picture is of, in a sentence. */
  readonly title: string;
  readonly width: number;
  readonly height: number;
  /** Where the scale begins and ends in pixels from the left, and in values; `ticks` writes a value below it. */
  readonly scale: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
    readonly from: number;
    readonly to: number;
    readonly ticks?: { readonly step: number; readonly text: (value: number) => string };
  };
  readonly shapes: (across: Across) => readonly Shape[];
}

export const TEXT_SIZE = 13;
export const SMALL_SIZE = 11.5;

/** The picture as SVG: the same for the same scene, without style attributes, scripts or anything outside itself. */
export async function drawn(scene: Scene): Promise<string> {
  const { init } = await import('./echarts.js');
  const { width, height } = scene;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(optionOf(scene));
    return presented(chart.renderToSVGString(), scene.title);
  } finally {
    // A chart that is not given back keeps a timer running.
    chart.dispose();
  }
}

function optionOf({ width, height, scale, shapes }: Scene): EChartsCoreOption {
  const { left, right, top, bottom, from, to, ticks } = scale;
  const series: CustomSeriesOption = {
    type: 'custom',
    silent: true,
    data: [[from, 0]],
    renderItem: (_, api) => ({
      type: 'group',
      children: shapes((value) => api.coord([value, 0])[0] ?? left).map(elementOf),
    }),
  };
  return {
    animation: false,
    backgroundColor: COLOURS.paper,
    grid: { left, right: width - right, top, bottom: height - bottom, outerBoundsMode: 'none' },
    xAxis: {
      type: 'value',
      min: from,
      max: to,
      show: ticks !== undefined,
      ...(ticks ? { interval: ticks.step } : {}),
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: COLOURS.line } },
      axisLabel: {
        color: COLOURS.quiet,
        fontSize: SMALL_SIZE,
        hideOverlap: true,
        ...(ticks ? { formatter: (value: number) => written(ticks.text(value)) } : {}),
      },
    },
    yAxis: { type: 'value', min: 0, max: 1, show: false },
    series: [series],
  };
}

/** Text as it can stand in XML: no control characters, no halves of letters; spaces as the fonts have them. */
function written(text: string): string {
  return text
    .replace(/[\u2000-\u200a\u202f]/g, '\u00a0')
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .normalize('NFC');
}

function elementOf(shape: Shape) {
  switch (shape.kind) {
    case 'rect': {
      const { x, y, width, height } = shape;
      return {
        type: 'rect' as const,
        shape: { x, y, width, height },
        style: {
          fill: COLOURS[shape.fill],
          ...(shape.edge ? { stroke: COLOURS[shape.edge], lineWidth: 1 } : {}),
          ...(shape.hatched ? { decal: HATCHING } : {}),
        },
      };
    }
    case 'line': {
      const points: number[][] = [];
      for (let at = 0; at + 1 < shape.points.length; at += 2) points.push(shape.points.slice(at, at + 2));
      return {
        type: 'polyline' as const,
        shape: { points },
        style: {
          fill: 'none',
          stroke: COLOURS[shape.colour],
          lineWidth: shape.thick ?? 1,
          ...(shape.dash ? { lineDash: [...shape.dash] } : {}),
        },
      };
    }
    case 'dot':
      return {
        type: 'circle' as const,
        shape: { cx: shape.x, cy: shape.y, r: shape.radius },
        style: { fill: COLOURS[shape.fill], stroke: COLOURS[shape.edge], lineWidth: 2 },
      };
    case 'text':
      return {
        type: 'text' as const,
        style: {
          text: written(shape.text),
          x: shape.x,
          y: shape.y,
          fill: COLOURS[shape.colour],
          font: `${shape.bold ? 600 : 400} ${shape.size ?? TEXT_SIZE}px sans-serif`,
          align: shape.align ?? ('left' as const),
          verticalAlign: 'middle' as const,
        },
      };
  }
}

const HATCHING = {
  symbol: 'rect',
  color: COLOURS.hatch,
  dashArrayX: [1, 0],
  dashArrayY: [1.5, 4.5],
  rotation: -Math.PI / 4,
};

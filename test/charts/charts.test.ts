/** Pictures of figures: what they say, what they never hold, and that they are the same each time. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intervalChart } from '../../server/charts/intervalChart.js';
import { levelsChart } from '../../server/charts/levelsChart.js';
import { pngOf } from '../../server/charts/png.js';
import { slopeChart } from '../../server/charts/slopeChart.js';
import { sizeOf, textsOf } from './figures.js';

const LEVEL_NAMES = [
  '1 Rất không hài lòng',
  '2 Không hài lòng',
  '3 Bình thường',
  '4 Hài lòng',
  '5 Rất hài lòng',
];
const ABSENT = 'Chưa có câu trả lời';

const comma = (value: number) => String(value).replace('.', ',');
const levelsRow = (label: string, levels: readonly number[] | null) => ({
  label,
  n: 'n = 1.234',
  levels,
  texts: (levels ?? []).map(comma),
  end: levels ? '86,5 %' : '',
  absent: ABSENT,
});
const levels = (rows: ReturnType<typeof levelsRow>[], width = 760) =>
  levelsChart({ title: 'Phân bố mức hài lòng', levelNames: LEVEL_NAMES, rows }, { width });
const interval = (rate: number | null, low: number | null, high: number | null, width = 760) =>
  intervalChart(
    {
      title: 'Tỷ lệ hài lòng',
      target: { value: 90, text: 'Chỉ tiêu ≥ 90 %' },
      rateName: 'Tỷ lệ và khoảng tin cậy 95 %',
      beforeName: 'Đợt trước',
      tick: (value) => `${value} %`,
      rows: [
        {
          label: 'Tiểu học',
          n: 'n = 12',
          rate,
          low,
          high,
          text: `${rate} %`,
          interval: `${low}–${high}`,
          absent: ABSENT,
        },
      ],
    },
    { width },
  );
const slope = (before: number | null, now: number | null, width = 760) =>
  slopeChart(
    {
      title: 'So với đợt trước',
      beforeName: 'Đợt 2024',
      nowName: 'Đợt 2025',
      changeNames: { up: 'Tăng', down: 'Giảm', uncertain: 'Chưa chắc chắn' },
      empty: 'Không có gì để so sánh',
      rows: [
        {
          label: 'Cơ sở vật chất',
          n: 'n = 9 và 12',
          before,
          now,
          beforeText: `${before} %`,
          nowText: `${now} %`,
          change: 'up',
        },
      ],
    },
    { width },
  );

/** Nothing that a page with a strict policy refuses, or that stands for a figure that is none. */
function expectClean(svg: string): void {
  expect(svg).not.toMatch(/\sstyle=|<style|<script|\son\w+=|NaN|Infinity|undefined|null %|ecmeta|zr\d/);
  expect(svg).not.toMatch(/href=|@import/);
  const { width, height } = sizeOf(svg);
  expect(width).toBeGreaterThan(0);
  expect(height).toBeGreaterThan(0);
}

describe('pictures of figures', () => {
  it('draw no bar where nobody answered, and say so in words', async () => {
    const svg = await levels([levelsRow('Cơ sở vật chất', null)]);
    expect(textsOf(svg)).toContain(ABSENT);
    expect(textsOf(svg).join(' ')).not.toMatch(/0 %/);
    // The only marks in the colours of the levels are those of the legend.
    expect(svg.match(/class="f-l5/g)).toHaveLength(1);
  });

  it('take what is no number for no answer', async () => {
    const svg = await levels([levelsRow('Một', [Number.NaN, 0, 0, 0, 0]), levelsRow('Hai', [0, 0, 0, 0, 0])]);
    expect(textsOf(svg).filter((text) => text === ABSENT)).toHaveLength(2);
    expectClean(svg);
    const none = await interval(Number.NaN, null, null);
    expect(textsOf(none)).toContain(ABSENT);
    expectClean(none);
  });

  it('leave out of a comparison what one of the rounds does not know', async () => {
    const svg = await slope(null, 92);
    expect(textsOf(svg)).toContain('Không có gì để so sánh');
    expect(textsOf(svg)).not.toContain('Cơ sở vật chất');
    expectClean(svg);
  });

  it('write shares into the bars and the rate at their end, with how many answered', async () => {
    const texts = textsOf(await levels([levelsRow('Cơ sở vật chất', [8, 12.2, 15.3, 34, 30.5])]));
    expect(texts).toEqual([
      ...LEVEL_NAMES,
      'Cơ sở vật chất',
      'n = 1.234',
      '8',
      '12,2',
      '15,3',
      '34',
      '30,5',
      '86,5 %',
    ]);
  });

  it('draw every level as wide as its share', async () => {
    const svg = await levels([levelsRow('Cơ sở vật chất', [0, 0, 20, 30, 50])]);
    const widths = ['l3', 'l4', 'l5'].map((name) => {
      const drawn = [
        ...svg.matchAll(new RegExp(`<path d="M[\\d.]+ [\\d.]+l([\\d.]+) [^>]*class="f-${name} `, 'g')),
      ];
      return Number(drawn.at(-1)?.[1]);
    });
    const [three = 0, four = 0, five = 0] = widths;
    expect(four / three).toBeCloseTo(1.5, 2);
    expect(five / three).toBeCloseTo(2.5, 2);
  });

  it('hatch the side of dissatisfaction, so that it is known in black and white', async () => {
    const svg = await levels([levelsRow('Cơ sở vật chất', [50, 0, 0, 0, 50])]);
    // Two in the legend, one in the bar.
    expect(svg.match(/fill="url\(#/g)).toHaveLength(3);
    expect(svg).toContain('<pattern');
  });

  it('write the rate with its interval and the target', async () => {
    const texts = textsOf(await interval(92.3, 91, 93.5));
    expect(texts).toEqual(
      expect.arrayContaining(['92.3 %', '91–93.5', 'Chỉ tiêu ≥ 90 %', 'n = 12', 'Tiểu học']),
    );
  });

  it('name both rounds and both figures of a slope', async () => {
    const texts = textsOf(await slope(84, 92));
    expect(texts).toEqual(
      expect.arrayContaining(['Đợt 2024', 'Đợt 2025', '84 %', '92 %', 'n = 9 và 12', 'Tăng']),
    );
  });

  it('are named for those who do not see them', async () => {
    expect(await levels([levelsRow('<b>"&', [0, 0, 20, 30, 50])])).toContain(
      'role="img" aria-label="Phân bố mức hài lòng"',
    );
  });

  it('are the same each time', async () => {
    const rows = [levelsRow('Cơ sở vật chất', [8, 12.2, 15.3, 34, 30.5])];
    const first = await levels(rows);
    await interval(92.3, 91, 93.5);
    expect(await levels(rows)).toBe(first);
  });

  it('become PNG files with Vietnamese letters on a machine without fonts', async () => {
    const png = await pngOf(await levels([levelsRow('Thủ tục nhập học', [8, 12.2, 15.3, 34, 30.5])]), {
      width: 1520,
    });
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(1520);
    const other = await pngOf(await levels([levelsRow('Thu tuc nhap hoc', [8, 12.2, 15.3, 34, 30.5])]), {
      width: 1520,
    });
    const empty = await pngOf(await levels([levelsRow('', [8, 12.2, 15.3, 34, 30.5])]), { width: 1520 });
    expect(png.equals(other)).toBe(false);
    expect(png.equals(empty)).toBe(false);
  });

  it('bear their titles as they are', async () => {
    const title = "Đợt $& – 5 $' và $` của $1 $$";
    const svg = await levelsChart({ title, levelNames: LEVEL_NAMES, rows: [] }, { width: 300 });
    expect(svg.split('<svg ')).toHaveLength(2);
    expect(svg).toContain(`aria-label="${title.replace('&', '&amp;')}"`);
  });

  it('are well-formed and clean whatever they are to show', async () => {
    const share = fc.oneof(
      fc.double({ min: 0, max: 100 }),
      fc.constantFrom(0, 100, Number.NaN, Number.POSITIVE_INFINITY),
    );
    const label = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"><script>', '&amp;', '\u0000\ud800', 'Thủ tục'),
    );
    const width = fc.integer({ min: 280, max: 1200 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ label, spread: fc.option(fc.array(share, { minLength: 5, maxLength: 5 })) }), {
          maxLength: 6,
        }),
        fc.option(share),
        fc.option(share),
        width,
        async (rows, one, two, wide) => {
          expectClean(
            await levels(
              rows
                .map((row) => levelsRow(row.label, row.spread && row.spread))
                .map((row) => ({ ...row, texts: ['1', '2', '3', '4', '5'] })),
              wide,
            ),
          );
          for (const svg of [await interval(one, two, one, wide), await slope(one, two, wide)])
            expect(svg).not.toMatch(/\sstyle=|<script/);
        },
      ),
      { numRuns: 60 },
    );
  });
});

/**
 * The colours of pictures. Each has one part to play and a value no other has, so that a picture that stands alone
 * carries its colours and one on a page can take the page's, by class: `f-l1` where it fills, `s-l1` where it draws.
 */

/**
 * The five levels diverge from a light middle, orange against blue, which people with any colour blindness tell apart
 * (after the scheme PuOr of C. Brewer, colorbrewer2.org). In grey each differs from its neighbours; that 1 and 2 are not
 * 5 and 4 is told by their side and by hatching.
 */
export const COLOURS = {
  paper: '#ffffff',
  ink: '#1d2426',
  quiet: '#566064',
  line: '#d9d4ca',
  edge: '#868c8c',
  accent: '#0b5d6b',
  down: '#a13a08',
  l1: '#a63603',
  l2: '#f5b06b',
  l3: '#e8e4dc',
  l4: '#a6cae8',
  l5: '#174f86',
  hatch: '#fdfdfc',
  'on-dark': '#fefefe',
  'on-light': '#1d2427',
} as const;

export type Colour = keyof typeof COLOURS;

/** Levels 1 to 5. */
export const LEVEL_COLOURS = ['l1', 'l2', 'l3', 'l4', 'l5'] as const;

const names = new Map<string, Colour>(
  Object.entries(COLOURS).map(([name, value]) => [value, name as Colour] as const),
);

/** The name of a colour by its value, `#rrggbb`; undefined for any other. */
export function colourName(value: string): Colour | undefined {
  return names.get(value);
}

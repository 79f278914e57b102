/** The list of what was looked at before a round opens: how one line is made, and how lines become a list. */
import { createHash } from 'node:crypto';
import type { Round } from '../../models/rounds.js';

/** One line of the list. */
export interface Check {
  /** What was looked at: one heading for each. */
  readonly about: string;
  readonly level: 'error' | 'warning' | 'note' | 'fine';
  /** Names the sentence. */
  readonly key: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  /** The units it concerns, by name. */
  readonly names: readonly string[];
  /** Where it is mended; null where nothing can be done here. */
  readonly mend: { readonly href: string; readonly key: string } | null;
}

/** The check list of a draft. */
export interface CheckList {
  readonly checks: readonly Check[];
  readonly errors: number;
  readonly warnings: number;
  /** Stands for the warnings word for word: who opens the round says with it which ones were seen. */
  readonly seen: string;
}

/** Makes a line; `key` names its sentence. */
export function check(
  level: Check['level'],
  about: string,
  key: string,
  parameters: Check['parameters'] = {},
  { names = [], mend = null }: Partial<Pick<Check, 'names' | 'mend'>> = {},
): Check {
  return { level, about, key, parameters, names, mend };
}

/** Where a draft is decided anew. @param field what of it */
export function draftMend({ _id }: Pick<Round, '_id'>, field: string): Check['mend'] {
  return { href: `/van-phong/dot/${_id}/sua#${field}`, key: 'rounds.check.mend.draft' };
}

/** Where the list of units is mended. */
export const unitsMend: Check['mend'] = { href: '/van-phong/don-vi', key: 'rounds.check.mend.units' };

/** In the order in which a round is thought through. */
export const CHECKED = [
  'days',
  'units',
  'levels',
  'surveys',
  'languages',
  'overlap',
  'quotas',
  'targets',
  'access',
  'address',
  'retention',
];

/** The lines in their order; what is fine is left out where something else is said about the same. */
export function listOf(found: readonly Check[]): CheckList {
  const checks = CHECKED.flatMap((about) => {
    const here = found.filter((one) => one.about === about);
    const wrong = here.filter(({ level }) => level !== 'fine');
    return wrong.length > 0 ? wrong : here;
  });
  const ofLevel = (level: Check['level']) => checks.filter((one) => one.level === level);
  const warnings = ofLevel('warning').map(({ key, parameters, names }) => [key, parameters, names]);
  return {
    checks,
    errors: ofLevel('error').length,
    warnings: warnings.length,
    seen: createHash('sha256').update(JSON.stringify(warnings)).digest('base64url').slice(0, 16),
  };
}

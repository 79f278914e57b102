/** What units may name from the catalogue of services. */
import type { Context } from '../context.js';
import type { UnitTerms } from './unitList.js';

/** Codes of the levels a unit can have and of the procedures it can offer. */
export function unitTerms({ services }: Context): UnitTerms {
  const codesOf = (wanted: string) =>
    new Set([...services.values()].filter(({ kind }) => kind === wanted).map(({ code }) => code));
  return { levels: codesOf('education'), procedures: codesOf('procedure') };
}

/** Which units an account works for. */
import { isWithin } from '../../models/units.js';
import type { SignedIn } from './session.js';

/** Whether an account may change things of a unit: the office of every one; typing paper forms is one of them. */
export async function worksFor({ role, unit: own }: SignedIn, unit: string): Promise<boolean> {
  if (role === 'office') return true;
  if (role === 'entry') return unit === own;
  return role === 'unit' && own !== null && (await isWithin(unit, own));
}

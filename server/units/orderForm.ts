/** The form that merges, splits, closes or moves units. */
import type { FormBody } from '../http/body.js';
import { dayIn } from '../lists/cellDay.js';
import {
  type NewUnit,
  type Order,
  type OrderProblem,
  REARRANGEMENTS,
  type Rearrangement,
} from './rearrange.js';

/** The fields as entered. */
export interface EnteredOrder {
  readonly deed: Rearrangement;
  readonly units: string;
  readonly into: string;
  readonly day: string;
  readonly goesOn: boolean;
  readonly step: string;
}

/** What `viec` says in addresses and forms for each. */
const NAMES: Readonly<Record<Rearrangement, string>> = {
  merge: 'gop',
  split: 'tach',
  close: 'dong',
  move: 'chuyen',
};

/** A form as it was sent; merging where it does not say what is to be done. */
export function enteredOrder(form: FormBody): EnteredOrder {
  const one = (name: string) => ([form[name] ?? ''].flat()[0] ?? '').slice(0, 20_000);
  return {
    deed: REARRANGEMENTS.find((deed) => NAMES[deed] === one('viec')) ?? 'merge',
    units: one('don-vi'),
    into: one('vao'),
    day: one('ngay').slice(0, 20),
    goesOn: one('van-con') === '1',
    step: one('step'),
  };
}

/** The order that a form gives, or what is wrong with it. */
export function orderOf({ deed, units, into, day: typed, goesOn }: EnteredOrder): {
  order: Order | null;
  problems: readonly OrderProblem[];
} {
  const day = dayIn(typed.trim());
  if (!day)
    return { order: null, problems: [{ field: 'ngay', key: 'units.order.problem.day', parameters: {} }] };
  return {
    order: {
      deed,
      units: [...new Set(units.split(/[\s,;|]+/).filter(Boolean))],
      into: into.split('\n').flatMap((line) => (line.trim() === '' ? [] : newUnitIn(line))),
      day,
      goesOn: deed === 'split' && goesOn,
    },
    problems: [],
  };
}

/** A line: the code of a unit there is, or `code; name; level|level` of a new one. */
function newUnitIn(line: string): NewUnit {
  const [code = '', name = '', levels = ''] = line
    .normalize('NFC')
    .split(';')
    .map((part) => part.trim());
  return { code, name, levels: levels.split(/[|,\s]+/).filter(Boolean) };
}

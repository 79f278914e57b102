/**
 * What is sealed, part by part: plain values of JSON. Those that are public are all that the public pages, the open data
 * and a unit's published results are made from.
 *
 *   round            facts of the round, minimum, method
 *   survey-ID        each questionnaire, word for word
 *   tree             the units as they were when the round opened
 *   strata           of the sampling design; null without one
 *   overview         the round as a whole, by service, factor, item and group
 *   comparison-CODE  beside an earlier published round
 *   units            every unit with the figures of its services, and in which part it is
 *   unit-NNN         units with factors and items, and everything below them
 *   du-lieu.csv      the same figures as open data (openData.ts); no JSON
 *   drivers-NNN      (not public) what each unit should improve first
 *   evidence-NNN     (not public) counts, ids of responses and digests by unit
 *   evidence         (not public) counts of groups, and the key of the digests of what is not public
 *
 * A column – a survey on a service – is written as the two codes.
 */
import type { Day } from '../../models/day.js';
import type { Round } from '../../models/rounds.js';
import type { RoundUnit } from '../../models/roundUnits.js';
import type { Survey } from '../../surveys/schema.js';
import type { Comparison } from '../results/comparison.js';
import type { Column } from '../results/counts.js';
import type { GroupResults } from '../results/groupRows.js';
import type { RankedItem } from '../results/itemRanks.js';
import type { Overview } from '../results/overview.js';
import type { ShownDriver, ShownPart } from '../results/roundFigures.js';
import type { ShownSummary } from '../results/shown.js';
import type { UnitResults } from '../results/unitResults.js';

export interface ColumnRef {
  readonly service: string;
  readonly survey: string;
}

/** The same with codes in the place of columns. */
export type Referred<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends Column
    ? ColumnRef
    : T extends readonly (infer Each)[]
      ? readonly Referred<Each>[]
      : T extends object
        ? { readonly [Name in keyof T]: Referred<T[Name]> }
        : T;

export interface RoundFacts
  extends Pick<
    Round,
    | 'label'
    | 'subject'
    | 'numbering'
    | 'opens'
    | 'closes'
    | 'closedOn'
    | 'continuous'
    | 'surveys'
    | 'services'
    | 'targets'
    | 'lead'
    | 'source'
    | 'coordinating'
  > {
  readonly code: string;
  readonly department: string;
  /** Fewest people a figure stands for. */
  readonly minimum: number;
  /** server/publishing/method.ts */
  readonly method: number;
  readonly units: number;
  readonly responses: number;
}

/** A unit as the tree has it: everything of the snapshot but its link. */
export type TreeUnit = Omit<RoundUnit, '_id' | 'round' | 'linkCode'>;

export interface WholeRound extends Overview {
  readonly services: readonly { readonly code: string; readonly summary: ShownSummary }[];
  readonly items: readonly { readonly column: Column; readonly items: readonly ShownPart[] }[];
  readonly highest: readonly RankedItem[];
  readonly lowest: readonly RankedItem[];
  readonly groups: Omit<GroupResults, 'attributes'> & {
    readonly attributes: readonly {
      readonly survey: string;
      readonly item: string;
      readonly rows: GroupResults['areas'];
    }[];
  };
  /** Earlier rounds it is compared with, the latest first. */
  readonly compared: readonly ComparedRound[];
  /** Units whose figures are shown, and units with answers whose figures are hidden. */
  readonly unitsShown: number;
  readonly unitsHidden: number;
}
export type OverviewPart = Referred<WholeRound>;

/** An earlier round as it was published when this one was. */
export interface ComparedRound {
  readonly code: string;
  readonly label: string;
  readonly opens: Day;
  readonly revision: number;
  readonly seal: string;
}

/** Names stand where the other round has something that this one has not. */
export interface ComparedWith extends Omit<Comparison, 'onlyBefore'> {
  readonly round: ComparedRound;
  readonly onlyBefore: readonly {
    readonly service: Column['service']['name'];
    readonly audience: Survey['audience'];
  }[];
}
export type ComparisonPart = Referred<ComparedWith>;

export interface UnitsPart {
  readonly units: readonly UnitEntry[];
  /** Units that take no part themselves, but units below them do. */
  readonly above: readonly { readonly code: string; readonly name: string; readonly part: number }[];
}

export interface UnitEntry {
  readonly code: string;
  readonly name: string;
  readonly path: readonly string[];
  readonly area: string | null;
  /** Which `unit-NNN` has its factors and items. */
  readonly part: number;
  readonly summary: ShownSummary;
  readonly services: readonly { readonly code: string; readonly summary: ShownSummary }[];
}

export type UnitPart = Referred<readonly UnitResults[]>;

/** By unit, by `survey/service`. */
export type DriversPart = Readonly<Record<string, Readonly<Record<string, readonly ShownDriver[]>>>>;

export interface EvidencePart {
  readonly cells: readonly EvidenceCell[];
}

interface EvidenceCell extends ColumnRef {
  readonly unit: string;
  /** The bytes of the tally (server/results/tallyBytes.ts) as base64, and the digests (recount.ts); null where a cell goes on. */
  readonly counts: string | null;
  readonly answers: string | null;
  readonly texts: string | null;
  readonly ids: readonly string[];
}

export interface EvidenceIndex {
  /** Key (hex) of the digests of parts that are not public. */
  readonly key: string;
  readonly groups: readonly (ColumnRef & { readonly group: string; readonly counts: string })[];
}

/** A part under its name; its value is what the name says. */
export interface Part {
  readonly name: string;
  readonly isPublic: boolean;
  readonly value: unknown;
}

/** The name of one of several parts of a kind. */
export function partName(kind: 'unit' | 'drivers' | 'evidence', number: number): string {
  return `${kind}-${String(number).padStart(3, '0')}`;
}

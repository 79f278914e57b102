/**
 * The figures of a round: every unit, every unit above others, every service, survey, area class and group, each from
 * the same counts and with the same things hidden. Pages, files and other parts of the product ask here and nowhere else.
 */
import type { Round } from '../../models/rounds.js';
import type { RoundUnit } from '../../models/roundUnits.js';
import type { RoundStrata } from '../sampling/design.js';
import type { Driver } from '../statistics/keyDrivers.js';
import { Pooled } from '../statistics/pooled.js';
import { roundedCorrelation, roundedPercent } from '../statistics/rounding.js';
import { type Verdict, verdictOf } from '../statistics/target.js';
import { type Column, ownRow, RoundCounts, WHOLE } from './counts.js';
import { allHidden, type HiddenGroups } from './hiddenGroups.js';
import { Hiding } from './hiding.js';
import { type Shown, type ShownSummary, shownFigure, shownSummary } from './shown.js';
import type { GroupCell, RoundTallies } from './tallies.js';

/** A factor or an item with its figure. */
export interface ShownPart extends Shown {
  readonly code: string;
}

/**
 * A group of people with its figures; `value` is an area class, a unit's code, a channel, a quarter such as 2026-Q4 or an
 * option's code ('' for none).
 */
export interface ShownGroup {
  readonly value: string;
  readonly summary: ShownSummary;
  /** In order; empty where they are not told. */
  readonly factors: readonly ShownPart[];
}

/** An item with how it goes with overall satisfaction. */
export interface ShownDriver {
  readonly code: string;
  readonly priority: Driver['priority'];
  /** Percent, one decimal. */
  readonly rate: number | null;
  /** Kendall's τb with its 95 % interval, −1 to 1, two decimals. */
  readonly correlation: number;
  readonly low: number;
  readonly high: number;
}

export class RoundFigures {
  readonly counts: RoundCounts;
  readonly hiding: Hiding;
  readonly groups: readonly GroupCell[];
  /** Of its sampling design; null for a round without one. */
  readonly strata: RoundStrata | null;
  readonly #others: readonly RoundFigures[];

  /**
   * @param minimum fewest people a figure may stand for
   * @param before what was hidden when the round was looked at last; kept where it still holds
   * @param strata of its sampling design
   * @param others the first revision of the same results, and what came between one and the next: whatever is hidden
   *   there is hidden here (hiding.ts tells why)
   */
  constructor(
    round: Pick<Round, 'services' | 'surveys'>,
    tallies: RoundTallies,
    minimum: number,
    before?: Hiding,
    strata: RoundStrata | null = null,
    others: readonly RoundFigures[] = [],
  ) {
    const hidings = others.map(({ hiding }) => hiding);
    this.counts = new RoundCounts(round, tallies.units);
    this.hiding = before?.holdsFor(this.counts) ? before : new Hiding(this.counts, minimum, hidings, before);
    this.groups = tallies.groups;
    this.strata = strata;
    this.#others = others;
  }

  get columns(): readonly Column[] {
    return this.counts.columns;
  }

  /** The figures of a row as a whole: in one column, or over all of them. */
  summary(row: string, column?: Column): ShownSummary {
    return shownSummary(this.counts.pooled(row, column && [column]), {
      total: this.hiding.cell('total', row, column),
      overall: this.hiding.cell('overall', row, column),
      expectation: this.hiding.cell('expectation', row, column),
    });
  }

  /** The figures of one service in a row, whatever survey people answered. */
  ofService(row: string, service: string): ShownSummary {
    const columns = this.columns.filter((column) => column.service.code === service);
    return shownSummary(this.counts.pooled(row, columns), {
      total: this.hiding.service('total', row, service),
      overall: this.hiding.service('overall', row, service),
      expectation: this.hiding.service('expectation', row, service),
    });
  }

  /** The figures of an area class ('' for units without one), in one column or over all of them. */
  ofArea(area: string, column?: Column): ShownSummary {
    const rows = this.unitsOfArea(area).map(({ unit }) => ownRow(unit));
    return shownSummary(this.counts.pooledRows(rows, column && [column]), {
      total: this.hiding.area('total', area, column),
      overall: this.hiding.area('overall', area, column),
      expectation: this.hiding.area('expectation', area, column),
    });
  }

  /** The units of an area class, '' for those without one. */
  unitsOfArea(area: string): RoundUnit[] {
    return [...this.counts.units.values()].filter((unit) => (unit.area ?? '') === area);
  }

  /** The factors of a cell, in order. */
  factors(row: string, column: Column): ShownPart[] {
    return this.#parts(row, column, 'factor');
  }

  /** The items of a cell, in order. */
  items(row: string, column: Column): ShownPart[] {
    return this.#parts(row, column, 'item');
  }

  /** One item of a cell; null where it is not asked there. */
  item(row: string, column: Column, code: string): ShownPart | null {
    const pooled = this.counts.pooled(row, [column]);
    if (!pooled.itemCodes.includes(code)) return null;
    return { code, ...shownFigure(pooled.item(code), this.hiding.item(row, column, code)) };
  }

  /** Factors of a row over all columns in which all of them are shown, and the columns that are left out. */
  pooledFactors(row: string): { parts: ShownPart[]; leftOut: Column[] } {
    const asked = this.counts.columnsOf(row).filter((column) => this.counts.pooled(row, [column]).people > 0);
    const codes = this.counts.pooled(row, asked).factorCodes;
    const leftOut = asked.filter((column) => codes.some((code) => this.hiding.item(row, column, code)));
    const pooled = this.counts.pooled(
      row,
      asked.filter((column) => !leftOut.includes(column)),
    );
    return { parts: codes.map((code) => ({ code, ...shownFigure(pooled.factor(code), false) })), leftOut };
  }

  /** Groups of one kind (`channel`, `quarter`, or an attribute's code), of one survey or of all, in order. */
  ofGroups(kind: string, survey?: string): ShownGroup[] {
    const { pooled, hidden } = this.#groupsOf(kind, survey);
    return [...pooled].map(([group, of]) => ({
      value: group.slice(kind.length + 1),
      summary: shownSummary(of, {
        total: hidden.total.has(group),
        overall: hidden.overall.has(group),
        expectation: hidden.expectation.has(group),
      }),
      factors: of.factorCodes.map((code) => ({
        code,
        ...shownFigure(of.factor(code), hidden.factors.has(group)),
      })),
    }));
  }

  #groupsOf(kind: string, survey?: string): { pooled: Map<string, Pooled>; hidden: HiddenGroups } {
    const cells = this.groups.filter(
      (cell) => cell.group.startsWith(`${kind}=`) && (survey === undefined || cell.survey.id === survey),
    );
    const byGroup = new Map<string, GroupCell[]>();
    for (const cell of cells) byGroup.set(cell.group, [...(byGroup.get(cell.group) ?? []), cell]);
    const pooled = new Map(
      [...byGroup].map(([group, same]) => [group, new Pooled(same.map(({ tally }) => tally))]),
    );
    const hidden = this.hiding.groups(pooled, survey);
    const before = this.#others.map((other) => other.#groupsOf(kind, survey).hidden);
    return { pooled, hidden: allHidden([hidden, ...before]) };
  }

  /**
   * Items of a cell against overall satisfaction, what to improve first before the others; none where it is hidden, or
   * where so few people answered both that no interval is known. Hidden items are left out.
   */
  drivers(row: string, column: Column): ShownDriver[] {
    if (this.hiding.cell('overall', row, column)) return [];
    const drivers = this.counts.pooled(row, [column]).drivers((code) => !this.hiding.item(row, column, code));
    const known = drivers.filter(({ correlation }) => correlation?.interval);
    return known.map(({ code, rate, correlation, priority }) => ({
      code,
      priority,
      rate: rate === null ? null : roundedPercent(rate),
      correlation: roundedCorrelation(correlation?.value ?? 0),
      low: roundedCorrelation(correlation?.interval?.low ?? 0),
      high: roundedCorrelation(correlation?.interval?.high ?? 0),
    }));
  }

  /** How the round stands to its targets, judged on the interval before any rounding. */
  verdict(wanted: Parameters<typeof verdictOf>[0]): Verdict {
    const { rate } = this.counts.pooled(WHOLE).total;
    return verdictOf(wanted, rate && !this.hiding.cell('total', WHOLE) ? rate.interval : null);
  }

  #parts(row: string, column: Column, kind: 'factor' | 'item'): ShownPart[] {
    const pooled = this.counts.pooled(row, [column]);
    return (kind === 'factor' ? pooled.factorCodes : pooled.itemCodes).map((code) => ({
      code,
      ...shownFigure(pooled[kind](code), this.hiding.item(row, column, code)),
    }));
  }
}

/**
 * What a file of single responses may tell of each, so that it gives away neither who answered nor anything that the
 * pages hide.
 *
 * - Never in it: ids, the day, the language, the way by which people came, quality flags, text they wrote.
 * - The unit stands in a row where its figures are shown (server/results/hiding.ts) and it has enough responses. All
 *   others of the same survey and service are one place together; where even together they are too few the smallest
 *   unit goes with them. What they are together anybody can compute from the total and the units that are shown, so
 *   where that total is hidden their responses are left out.
 * - An item stands in the rows of a unit where the page of the unit shows it. In the rows without a unit it stands where
 *   all units with figures show it and the whole does: else their rows would be the missing part of the sum.
 * - What people said about themselves stands in a row as far as enough others at the same place said the same
 *   (attributeDepths.ts).
 *
 * Rows come in the order of the responses' ids, which are random or keyed digests: it is the same for two files of one
 * round and tells nothing of when a response was sent. Two files of different days would, by the rows that only the
 * later one has; there is therefore none before a round is closed.
 */
import type { AnswerPart } from '../../models/answerParts.js';
import { itemsOf } from '../../surveys/read.js';
import type { Item, Survey } from '../../surveys/schema.js';
import { type Column, ownRow, WHOLE } from '../results/counts.js';
import { type Attribute, attributesOf } from '../results/groups.js';
import { measureOf } from '../results/measure.js';
import type { RoundFigures } from '../results/roundFigures.js';
import { isSuppressed } from '../statistics/suppression.js';
import { AttributeDepths, type AttributeKey, type PlaceCounts } from './attributeDepths.js';

/** A place whose responses are in the file. */
interface Place {
  readonly key: string;
  readonly column: Column;
  /** Null for the units that are not shown apart. */
  readonly unit: { readonly code: string; readonly name: string } | null;
  readonly hiddenItems: ReadonlySet<string>;
}

/** What a file tells of one response. */
export interface DisclosedResponse {
  readonly place: Place;
  readonly answers: AnswerPart['answers'];
  /** So many attributes, from the first on, are shown. */
  readonly depth: number;
}

export class Disclosure {
  readonly #attributes: readonly Attribute[];
  /** By service and unit. */
  readonly #places = new Map<string, Place>();
  readonly #depths: AttributeDepths;
  readonly #keyOf: (answers: AnswerPart['answers']) => AttributeKey;

  private constructor(figures: RoundFigures, survey: Survey, counts: UnitCounts, minimum: number) {
    this.#attributes = attributesOf(survey);
    const items = disclosedItems(survey).map(({ code }) => code);
    this.#keyOf = keysOf(
      this.#attributes,
      this.#attributes.map(({ code }) => items.indexOf(code)),
    );
    const shownCounts = new Map<string, PlaceCounts>();
    for (const column of figures.columns.filter((each) => each.survey.id === survey.id))
      this.#addColumn(figures, column, counts.get(column.service.code), minimum, shownCounts);
    const groups = this.#attributes.map(({ code }) => figures.ofGroups(code, survey.id));
    const hidden = groups.map(
      (rows) => new Set(rows.filter(({ summary }) => summary.total.hidden).map(({ value }) => value)),
    );
    this.#depths = new AttributeDepths(
      shownCounts,
      this.#attributes.length,
      minimum,
      (at, answer) => !hidden[at]?.has(this.#attributes[at]?.options[answer.charCodeAt(0) - 1]?.code ?? ''),
    );
  }

  /**
   * @param responses every response to the survey, with its answers to the attributes
   * @param minimum fewest people that anything in the file may stand for
   */
  static async over(
    figures: RoundFigures,
    survey: Survey,
    responses: AsyncIterable<readonly AnswerPart[]>,
    minimum: number,
  ): Promise<Disclosure> {
    const keyOf = keysOf(attributesOf(survey));
    const counts: UnitCounts = new Map();
    for await (const batch of responses)
      for (const { service, unit, answers } of batch) {
        const keys = entryOf(entryOf(counts, service), unit);
        const key = keyOf(answers);
        keys.set(key, (keys.get(key) ?? 0) + 1);
      }
    return new Disclosure(figures, survey, counts, minimum);
  }

  /** What the file tells of a response, with its answers to `disclosedItems`; null where it is left out, or was not there yet when they were counted. */
  of({ unit, service, answers }: AnswerPart): DisclosedResponse | null {
    const place = this.#places.get(placeKey(service, unit));
    if (!place) return null;
    return { place, answers, depth: this.#depths.depth(place.key, this.#keyOf(answers)) };
  }

  #addColumn(
    figures: RoundFigures,
    column: Column,
    units: ReadonlyMap<string, PlaceCounts> = new Map(),
    minimum: number,
    counts: Map<string, PlaceCounts>,
  ): void {
    const service = column.service.code;
    const sized = [...units]
      .map(([unit, keys]) => ({ unit, keys, responses: sumOf(keys) }))
      .sort((one, other) => other.responses - one.responses || (one.unit < other.unit ? -1 : 1));
    const isHidden = ({ unit, responses }: { unit: string; responses: number }) =>
      figures.hiding.cell('total', ownRow(unit), column) || isSuppressed(responses, minimum);
    const shown = sized.filter((each) => !isHidden(each));
    const together = sized.filter(isHidden);
    let responses = together.reduce((all, each) => all + each.responses, 0);
    while (isSuppressed(responses, minimum)) {
      const smallest = shown.pop();
      if (!smallest) break;
      together.push(smallest);
      responses += smallest.responses;
    }
    for (const { unit, keys } of shown) {
      const key = placeKey(service, unit);
      const name = figures.counts.units.get(unit)?.name ?? unit;
      this.#places.set(key, {
        key,
        column,
        unit: { code: unit, name },
        hiddenItems: hiddenAt(figures, column, unit),
      });
      counts.set(key, keys);
    }
    if (isSuppressed(responses, minimum) || figures.hiding.cell('total', WHOLE, column)) return;
    const key = placeKey(service, '');
    const place: Place = {
      key,
      column,
      unit: null,
      hiddenItems: hiddenTogether(
        figures,
        column,
        together.map(({ unit }) => unit),
        minimum,
      ),
    };
    for (const { unit } of together) this.#places.set(placeKey(service, unit), place);
    if (together.length > 0) counts.set(key, merged(together.map(({ keys }) => keys)));
  }
}

/** By service, unit and answers. */
type UnitCounts = Map<string, Map<string, Map<AttributeKey, number>>>;

/** Makes the key of answers to attributes. @param places where each is among the answers; in their order where not given */
function keysOf(
  attributes: readonly Attribute[],
  places?: readonly number[],
): (answers: AnswerPart['answers']) => AttributeKey {
  const characters = attributes.map(
    ({ options }) =>
      new Map<unknown, string>(options.map(({ code }, at) => [code, String.fromCharCode(at + 1)])),
  );
  const none = String.fromCharCode(0);
  return (answers) => {
    let key = '';
    for (let at = 0; at < characters.length; at += 1)
      key += characters[at]?.get(answers[places?.[at] ?? at]) ?? none;
    return key;
  };
}

/** The items of a survey that a file of single responses has: everything but what people wrote. */
export function disclosedItems(survey: Survey): readonly Exclude<Item, { kind: 'text' }>[] {
  return itemsOf(survey).filter((item) => item.kind !== 'text');
}

/** Items that the page of a unit does not show. */
function hiddenAt({ hiding }: RoundFigures, column: Column, unit: string): ReadonlySet<string> {
  const row = unit === '' ? WHOLE : ownRow(unit);
  const { factors, overall, expectation } = measureOf(column.survey);
  const hidden = factors.flatMap(({ items }) => items).filter((code) => hiding.item(row, column, code));
  if (hiding.cell('overall', row, column)) hidden.push(overall);
  if (hiding.cell('expectation', row, column)) hidden.push(expectation);
  return new Set(hidden);
}

/** Items that the rows without a unit do not show. */
function hiddenTogether(
  figures: RoundFigures,
  column: Column,
  together: readonly string[],
  minimum: number,
): ReadonlySet<string> {
  const hidden = new Set(hiddenAt(figures, column, ''));
  for (const unit of figures.counts.units.keys())
    if (!figures.hiding.cell('total', ownRow(unit), column))
      for (const code of hiddenAt(figures, column, unit)) hidden.add(code);
  const pooled = figures.counts.pooledRows(together.map(ownRow), [column]);
  const { overall, expectation } = measureOf(column.survey);
  for (const code of [...pooled.itemCodes, overall])
    if (isSuppressed(pooled.answering(code), minimum)) hidden.add(code);
  if (isSuppressed(pooled.expectation?.answered ?? 0, minimum)) hidden.add(expectation);
  return hidden;
}

function placeKey(service: string, unit: string): string {
  return `${service}\n${unit}`;
}

function merged(all: readonly PlaceCounts[]): PlaceCounts {
  const sums = new Map<AttributeKey, number>();
  for (const counts of all) for (const [key, people] of counts) sums.set(key, (sums.get(key) ?? 0) + people);
  return sums;
}

function sumOf(counts: PlaceCounts): number {
  let all = 0;
  for (const people of counts.values()) all += people;
  return all;
}

function entryOf<Value>(map: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  const entry: Map<string, Value> = map.get(key) ?? new Map();
  map.set(key, entry);
  return entry;
}

/** One item: over all units by survey and service, and at every unit. */
import { itemsOf } from '../../surveys/read.js';
import type { Item } from '../../surveys/schema.js';
import { type Column, ownRow, WHOLE } from './counts.js';
import type { RoundFigures, ShownPart } from './roundFigures.js';

/** The figure of the item in one row and column. */
interface ItemRow {
  readonly column: Column;
  readonly figure: ShownPart;
}

export interface ItemResults {
  readonly code: string;
  /** The item as the first survey that asks it words it. */
  readonly item: Item;
  readonly columns: readonly ItemRow[];
  readonly units: readonly (ItemRow & { readonly unit: { readonly code: string; readonly name: string } })[];
}

/** The results of an item of a factor; null where no survey of the round asks it. */
export function itemResults(figures: RoundFigures, code: string): ItemResults | null {
  const asking = figures.columns.filter((column) => asks(figures, column, code));
  const [first] = asking;
  const item = first && itemsOf(first.survey).find((each) => each.code === code);
  if (!item) return null;
  const rowOf = (row: string, column: Column): ItemRow[] => {
    const figure = figures.item(row, column, code);
    return figure ? [{ column, figure }] : [];
  };
  return {
    code,
    item,
    columns: asking.flatMap((column) => rowOf(WHOLE, column)),
    units: [...figures.counts.units.values()].flatMap(({ unit, name }) =>
      asking
        .filter(({ key }) => figures.counts.offers(ownRow(unit), key))
        .flatMap((column) =>
          rowOf(ownRow(unit), column).map((row) => ({ ...row, unit: { code: unit, name } })),
        ),
    ),
  };
}

function asks({ counts }: RoundFigures, column: Column, code: string): boolean {
  return counts.pooled(WHOLE, [column]).itemCodes.includes(code);
}

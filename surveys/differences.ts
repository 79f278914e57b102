/** What differs between two versions of a questionnaire, item by item. Pure. */
import type { Item, Survey } from './schema.js';

/** One thing that differs; `what` names it, `lang` the language of a text. A side is empty where there is nothing. */
export interface Change {
  readonly what:
    | 'title'
    | 'audience'
    | 'introduction'
    | 'minutes'
    | 'services'
    | 'text'
    | 'hint'
    | 'kind'
    | 'required'
    | 'options'
    | 'noOpinion'
    | 'step'
    | 'maxLength'
    | 'showIf'
    | 'role'
    | 'place';
  readonly lang: string | null;
  readonly before: string;
  readonly after: string;
}

/** An item that is not the same in both versions. */
interface ItemDifference {
  readonly code: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** The item as it is, or was. */
  readonly item: Item;
  readonly changes: readonly Change[];
  /** Whether its figures can stand beside each other from round to round: same code, same scale, not new. */
  readonly comparable: boolean;
}

interface SectionDifference {
  readonly code: string;
  readonly kind: ItemDifference['kind'];
  readonly title: Survey['title'];
  readonly changes: readonly Change[];
}

export interface Differences {
  /** Of the survey as a whole. */
  readonly survey: readonly Change[];
  readonly sections: readonly SectionDifference[];
  readonly items: readonly ItemDifference[];
  /** How many items are the same in both. */
  readonly same: number;
}

/** What somebody who knows one version must know of the other. */
export function differencesOf(before: Survey, after: Survey): Differences {
  const [old, now] = [placesOf(before), placesOf(after)];
  const codes = [...now.keys(), ...[...old.keys()].filter((code) => !now.has(code))];
  const moved = movedCodes([...old.keys()], [...now.keys()]);
  const items = codes.flatMap((code) => {
    const difference = itemDifference(code, old.get(code), now.get(code), moved.has(code));
    return difference ? [difference] : [];
  });
  return {
    survey: [
      ...textChanges('title', before.title, after.title),
      ...textChanges('audience', before.audience, after.audience),
      ...textChanges('introduction', before.introduction, after.introduction),
      ...plainChange('minutes', before.minutes, after.minutes),
      ...plainChange('services', before.services.join(', '), after.services.join(', ')),
    ],
    sections: sectionDifferences(before, after),
    items,
    same: codes.length - items.length,
  };
}

interface Place {
  readonly section: string;
  readonly item: Item;
}

function placesOf({ sections }: Survey): ReadonlyMap<string, Place> {
  return new Map(
    sections.flatMap(({ code: section, items }) =>
      items.map((item) => [item.code, { section, item }] as const),
    ),
  );
}

function itemDifference(
  code: string,
  before: Place | undefined,
  after: Place | undefined,
  moved: boolean,
): ItemDifference | null {
  if (!before || !after) {
    const item = (after ?? before)?.item;
    return item ? { code, kind: after ? 'added' : 'removed', item, changes: [], comparable: false } : null;
  }
  const [one, other] = [before.item, after.item];
  const changes = [
    ...textChanges('text', one.text, other.text),
    ...textChanges('hint', one.hint ?? {}, other.hint ?? {}),
    ...plainChange('kind', one.kind, other.kind),
    ...plainChange('required', one.required, other.required),
    ...plainChange('showIf', conditionOf(one), conditionOf(other)),
    ...optionChanges(one, other),
    ...plainChange('noOpinion', noOpinionOf(one), noOpinionOf(other)),
    ...plainChange('step', 'step' in one ? one.step : '', 'step' in other ? other.step : ''),
    ...plainChange(
      'maxLength',
      'maxLength' in one ? one.maxLength : '',
      'maxLength' in other ? other.maxLength : '',
    ),
    ...(moved || before.section !== after.section
      ? [{ what: 'place' as const, lang: null, before: before.section, after: after.section }]
      : []),
  ];
  if (changes.length === 0) return null;
  return { code, kind: 'changed', item: other, changes, comparable: one.kind === other.kind };
}

function textChanges(
  what: Change['what'],
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Change[] {
  const languages = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return languages
    .filter((lang) => (before[lang] ?? '') !== (after[lang] ?? ''))
    .map((lang) => ({ what, lang, before: before[lang] ?? '', after: after[lang] ?? '' }));
}

function plainChange(
  what: Change['what'],
  before: string | number | boolean,
  after: string | number | boolean,
): Change[] {
  return before === after ? [] : [{ what, lang: null, before: String(before), after: String(after) }];
}

function conditionOf({ showIf }: Item): string {
  return showIf ? `${showIf.item} = ${showIf.in.join(', ')}` : '';
}

function noOpinionOf(item: Item): string | boolean {
  return item.kind === 'likert' ? item.noOpinion : '';
}

/** Options by code: one that is new has nothing before, one that is gone nothing after. */
function optionChanges(before: Item, after: Item): Change[] {
  const [old, now] = [optionsOf(before), optionsOf(after)];
  const codes = [...new Set([...now.keys(), ...old.keys()])];
  return codes.flatMap((code) => textChanges('options', old.get(code) ?? {}, now.get(code) ?? {}));
}

function optionsOf(item: Item): ReadonlyMap<string, Survey['title']> {
  return new Map('options' in item ? item.options.map(({ code, text }) => [code, text]) : []);
}

/** Codes in both lists that stand in another order among those in both. */
function movedCodes(before: readonly string[], after: readonly string[]): ReadonlySet<string> {
  const old = before.filter((code) => after.includes(code));
  const now = after.filter((code) => before.includes(code));
  return new Set(now.filter((code, index) => old[index] !== code));
}

function sectionDifferences(before: Survey, after: Survey): SectionDifference[] {
  const [old, now] = [before, after].map(
    ({ sections }) => new Map(sections.map((section) => [section.code, section])),
  ) as [Map<string, Survey['sections'][number]>, Map<string, Survey['sections'][number]>];
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((code): SectionDifference[] => {
    const [one, other] = [old.get(code), now.get(code)];
    if (!one || !other) {
      const { title } = (other ?? one) as Survey['sections'][number];
      return [{ code, kind: other ? 'added' : 'removed', title, changes: [] }];
    }
    const changes = [
      ...textChanges('title', one.title, other.title),
      ...plainChange('role', one.role, other.role),
    ];
    return changes.length > 0 ? [{ code, kind: 'changed', title: other.title, changes }] : [];
  });
}

/** A text that reminds the units of one place which lag, ready to be pasted into Zalo or an e-mail. */
import { printedLinkCode } from '../../models/linkCode.js';
import { lastDay } from '../../models/rounds.js';
import { formatOf } from '../http/format.js';
import { DEFAULT_LANGUAGE, translator } from '../http/language.js';
import type { Board, BoardRow, Place } from './board.js';
import { lags } from './progress.js';

/** A place with units that lag. */
export interface LaggingPlace extends Place {
  readonly units: readonly BoardRow[];
}

/**
 * The units that lag by the place directly above them, in the order of its name; the most urgent units first. Units at
 * the top are below a place without code and name.
 */
export function laggingPlaces(units: readonly BoardRow[]): LaggingPlace[] {
  const places = new Map<string, Place & { units: BoardRow[] }>();
  for (const unit of units) {
    if (!lags(unit.progress)) continue;
    const { code, name } = unit.place ?? { code: '', name: '' };
    const place = places.get(code) ?? { code, name, units: [] };
    places.set(code, place);
    place.units.push(unit);
  }
  const urgent = ({ progress }: BoardRow) => progress.ofQuota ?? 0;
  for (const place of places.values())
    place.units.sort((a, b) => urgent(a) - urgent(b) || (a.code < b.code ? -1 : 1));
  return [...places.values()].sort((a, b) => a.name.localeCompare(b.name, DEFAULT_LANGUAGE));
}

/**
 * The text, in Vietnamese whatever language the page is in: it goes to schools.
 * @param base what addresses of ours begin with
 */
export function reminderText(
  { round, calendar }: Pick<Board, 'round' | 'calendar'>,
  place: LaggingPlace,
  { department, base }: { department: string; base: string },
): string {
  const t = translator(DEFAULT_LANGUAGE);
  const format = formatOf(DEFAULT_LANGUAGE);
  const line = ({ name, linkCode, progress }: BoardRow, at: number) => {
    const facts = {
      at: at + 1,
      name,
      received: format.count(progress.received),
      quota: format.count(progress.quota ?? 0),
      missing: format.count(progress.missing ?? 0),
      link: `${base}/k/${linkCode ?? ''}`,
      code: printedLinkCode(linkCode ?? ''),
    };
    if (progress.quota === null || progress.quota === 0)
      return t('progress.remind.line-without-quota', facts);
    return t(progress.received === 0 ? 'progress.remind.line-silent' : 'progress.remind.line', facts);
  };
  const end = lastDay(round);
  return [
    place.name === ''
      ? t('progress.remind.greeting-all')
      : t('progress.remind.greeting', { place: place.name }),
    t('progress.remind.why', { department, label: round.label, day: format.day(end) }),
    t('progress.remind.state', {
      today: format.day(calendar.today),
      count: format.count(place.units.length),
    }),
    place.units.map(line).join('\n'),
    t(calendar.over ? 'progress.remind.over' : 'progress.remind.ask'),
    t('progress.remind.thanks', { department }),
  ].join('\n\n');
}

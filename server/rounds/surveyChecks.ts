/** The surveys of a round: that each is asked somewhere, every level is asked, and in words people understand. */
import type { Round } from '../../models/rounds.js';
import type { RoundUnit } from '../../models/roundUnits.js';
import { existsDuring, type Unit } from '../../models/units.js';
import type { Survey } from '../../surveys/schema.js';
import type { Context } from '../context.js';
import type { Format } from '../http/format.js';
import { DEFAULT_LANGUAGE } from '../http/language.js';
import { type Check, check, draftMend } from './checkList.js';

/** What is to be known about what a draft asks, and whom. */
export function surveyChecks(
  round: Round,
  snapshot: readonly RoundUnit[],
  surveys: readonly Survey[],
  units: readonly Unit[],
  { services }: Context,
  versions: ReadonlyMap<string, readonly Survey[]>,
): Check[] {
  const mend = draftMend(round, 'surveys');
  const title = (survey: Survey) => survey.title.vi;
  const found: Check[] = [
    check('fine', 'surveys', 'rounds.check.surveys.fine', { surveys: surveys.map(title).join('; ') }),
    check('fine', 'levels', 'rounds.check.levels.fine'),
  ];
  const used = new Set(snapshot.flatMap(({ offers }) => offers.map(({ survey }) => survey)));
  const unused = surveys.filter(({ id }) => !used.has(id));
  if (unused.length > 0)
    found.push(
      check(
        'warning',
        'surveys',
        'rounds.check.surveys.unused',
        { surveys: unused.map(title).join('; ') },
        { mend },
      ),
    );
  for (const survey of surveys) {
    const newest = versions.get(survey.id)?.[0]?.version ?? 0;
    const parameters = { survey: title(survey), version: survey.version, newest };
    const differences = `/van-phong/phieu/${survey.id}/so-sanh?tu=${survey.version}&den=${newest}`;
    if (newest > survey.version)
      found.push(
        check('warning', 'surveys', 'rounds.check.surveys.newer', parameters, {
          mend: { href: differences, key: 'rounds.check.mend.differences' },
        }),
      );
  }
  const asked = new Set(surveys.flatMap((survey) => survey.services));
  const unasked = units.filter(
    (unit) => existsDuring(unit, round) && unit.levels.some((level) => !asked.has(level)),
  );
  const levels = new Set(unasked.flatMap((unit) => unit.levels.filter((level) => !asked.has(level))));
  if (round.subject === 'education' && levels.size > 0)
    found.push(
      check(
        'warning',
        'levels',
        'rounds.check.levels.unasked',
        {
          count: unasked.length,
          levels: [...levels].map((level) => services.get(level)?.name.vi ?? level).join(', '),
        },
        { names: unasked.map(({ name }) => name), mend },
      ),
    );
  return found;
}

/** Texts that some language lacks: people then read them in Vietnamese. */
export function languageChecks(
  round: Round,
  surveys: readonly Survey[],
  { languages }: Context,
  format: Format,
): Check[] {
  const texts = [...surveys.flatMap(textsOf), ...round.services.map(({ name }) => name)];
  const lacking = languages
    .filter(({ code }) => code !== DEFAULT_LANGUAGE)
    .flatMap(({ code, name }) => {
      const count = texts.filter((text) => !text[code]).length;
      const parameters = { language: name, count: format.count(count) };
      return count > 0 ? [check('warning', 'languages', 'rounds.check.languages.lacking', parameters)] : [];
    });
  const names = languages.map(({ name }) => name).join(', ');
  return [check('fine', 'languages', 'rounds.check.languages.fine', { languages: names }), ...lacking];
}

/** Everything a survey says, by language. */
function textsOf(survey: Survey): Readonly<Record<string, string>>[] {
  return [
    survey.title,
    survey.audience,
    survey.introduction,
    ...survey.sections.flatMap((section) => [
      section.title,
      ...section.items.flatMap((item) => [
        item.text,
        ...(item.hint ? [item.hint] : []),
        ...('options' in item ? item.options.map(({ text }) => text) : []),
      ]),
    ]),
  ];
}

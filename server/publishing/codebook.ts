/** The codebook of the open data: what the file is, what each column means, every code there is, conditions of use. */

import { formatOf } from '../http/format.js';
import { plainInLanguage, translator } from '../http/language.js';
import { OPEN_DATA_COLUMNS } from './openData.js';
import type { PublishedRevision } from './published.js';

/** The codebook of a revision as plain text. */
export function codebook({ facts, publication, surveys }: PublishedRevision, lang: string): string {
  const t = translator(lang);
  const format = formatOf(lang);
  const lines = [
    t('publishing.codebook.title', { label: facts.label, revision: publication.revision }),
    facts.department,
    t('publishing.round.published', { day: format.day(publication.day), revision: publication.revision }),
    `SHA-256: ${publication.seal}`,
    '',
    t('publishing.codebook.file'),
    t('publishing.codebook.hidden', { minimum: facts.minimum }),
    '',
    t('publishing.codebook.columns'),
    ...OPEN_DATA_COLUMNS.map((name) => `  ${name}: ${t(`publishing.column.${name}`)}`),
    '',
    t('publishing.codebook.services'),
    ...facts.services.map(({ code, name }) => `  ${code}: ${plainInLanguage(name, lang)}`),
  ];
  for (const survey of surveys.values()) {
    lines.push('', t('publishing.codebook.survey', { id: survey.id, version: survey.version }));
    lines.push(`  ${plainInLanguage(survey.title, lang)}`);
    for (const section of survey.sections) {
      if (section.role !== 'factor') continue;
      lines.push(`  ${section.code}: ${plainInLanguage(section.title, lang)}`);
      for (const item of section.items) lines.push(`    ${item.code}: ${plainInLanguage(item.text, lang)}`);
    }
  }
  lines.push(
    '',
    t('publishing.licence.title'),
    t('publishing.licence.text', { department: facts.department }),
  );
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

/**
 * The satisfaction rate counted again from the stored responses and the survey files, without the product's own
 * statistics: answers at 4 and 5 among the answers from 1 to 5 to the Likert items of the factors.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { Product } from './product.js';

interface StoredResponse {
  readonly survey: string;
  readonly unit: string;
  readonly service: string;
  readonly answers: Readonly<Record<string, unknown>>;
}

export interface Recount {
  readonly responses: number;
  readonly answered: number;
  /** Percent with one decimal, as CSV prints it; '' where nobody answered. */
  readonly rate: string;
}

/** The recount of a round: `total`, and one for each unit and service as `unit service`. */
export async function recountOf(round: string, { database }: Product): Promise<Map<string, Recount>> {
  const items = likertItems();
  const counts = new Map<string, { responses: number; answered: number; content: number }>();
  for await (const response of database.collection('responses').find({ round })) {
    const { survey, unit, service, answers } = response as unknown as StoredResponse;
    for (const group of ['total', `${unit} ${service}`]) {
      const count = counts.get(group) ?? { responses: 0, answered: 0, content: 0 };
      counts.set(group, count);
      count.responses += 1;
      for (const item of items.get(survey) ?? []) {
        const level = Number(answers[item] ?? 0);
        if (level >= 1) count.answered += 1;
        if (level >= 4) count.content += 1;
      }
    }
  }
  return new Map(
    [...counts].map(([group, { responses, answered, content }]) => [
      group,
      { responses, answered, rate: answered === 0 ? '' : percent(content, answered) },
    ]),
  );
}

/** Whole tenths of a percent, half up, in integers. */
function percent(content: number, answered: number): string {
  const tenths = Math.floor((2000 * content + answered) / (2 * answered));
  return `${Math.floor(tenths / 10)}.${tenths % 10}`;
}

function likertItems(): Map<string, string[]> {
  const items = new Map<string, string[]>();
  for (const file of readdirSync('surveys').filter((name) => /^[a-z-]+\.json$/.test(name))) {
    const survey = JSON.parse(readFileSync(`surveys/${file}`, 'utf8'));
    const factors = survey.sections.filter(({ role }: { role: string }) => role === 'factor');
    items.set(
      survey.id,
      factors.flatMap((factor: { items: { code: string }[] }) => factor.items.map(({ code }) => code)),
    );
  }
  return items;
}

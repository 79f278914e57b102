/** The departments' plans as data: what they measure, when, who leads it, and what they want to reach. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { type Day, parseDay } from '../../models/day.js';
import { EVERY } from '../../models/plans.js';
import { movedByYears, yearOf } from './calendar.js';

const text = z.string().trim().min(1);
const year = z.number().int().min(2000).max(2100);

const day = z.string().transform((written, context): Day => {
  const parsed = parseDay(written);
  if (parsed) return parsed;
  context.addIssue({ code: 'custom', message: 'must be a day of the calendar as YYYY-MM-DD' });
  return z.NEVER;
});

const due = z
  .string()
  .refine(
    (written) => parseDay(written) !== null || /^\d{4}-Q[1-4]$/.test(written),
    'must be a day as YYYY-MM-DD or a quarter as YYYY-Q1',
  );

const productSchema = z.strictObject({
  name: text,
  due: due.optional(),
  every: z.enum(EVERY).optional().describe('Where it recurs without a day of its own'),
});

const datedRoundSchema = z
  .strictObject({
    name: text,
    ordinal: z.number().int().min(1).describe('1 for Đợt 1'),
    numbering: z.enum(['calendar-year', 'school-year']),
    opens: day,
    closes: day,
  })
  .refine((round) => round.opens <= round.closes, { path: ['closes'], error: 'must not be before opens' });

const targetSchema = z
  .strictObject({
    indicator: text.describe('satisfaction-rate, or another indicator in the words of the plan'),
    atLeast: z.number().optional(),
    moreThan: z.number().optional(),
    atMost: z.number().optional(),
    unit: text,
    by: year.optional().describe('The year by which it is to be reached'),
  })
  .refine(
    ({ atLeast, moreThan, atMost }) =>
      [atLeast, moreThan, atMost].filter((b) => b !== undefined).length === 1,
    'must have exactly one of atLeast, moreThan, atMost',
  );

const measureSchema = z.strictObject({
  subject: z.enum(['education', 'procedure']),
  what: text,
  lead: text,
  coordinating: z.array(text),
  rounds: z.array(datedRoundSchema).describe('Empty where the plan fixes no month'),
  alternativeRounds: z.array(datedRoundSchema).optional().describe('The same rounds under other numbers'),
  roundsNote: text.optional(),
  continuous: z
    .strictObject({ name: text, opens: day.optional(), closes: day.optional() })
    .optional()
    .describe('Measured all year round, in the words of the plan'),
  products: z.array(productSchema).optional(),
  paper: z.boolean().optional(),
  targets: z.array(targetSchema),
});

const planSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens'),
  department: text,
  document: text,
  years: z.tuple([year, year]).describe('First and last year of the plan'),
  period: z.strictObject({ from: day, to: day }).optional(),
  measures: z.array(measureSchema).min(1),
  remedialActions: z
    .array(
      z.strictObject({
        indicator: text,
        lead: text,
        coordinating: z.array(text).optional(),
        when: text,
        measure: text.optional(),
      }),
    )
    .optional(),
  feedback: z.strictObject({ what: text, lead: text }).optional(),
  indices: z.array(text).optional(),
  devices: text.optional(),
  evidence: text.optional(),
  periodicReports: z.array(productSchema).optional(),
});

export type Plan = z.infer<typeof planSchema>;
type Measure = Plan['measures'][number];
type Target = Measure['targets'][number];
type DatedRound = z.infer<typeof datedRoundSchema>;
type Numbering = DatedRound['numbering'];

/** Mistakes in plan files; the message has a line for each: file, path, reason. */
export class PlanFileError extends Error {
  override name = 'PlanFileError';
}

/**
 * Every plan of a folder by its id.
 * @throws {PlanFileError} naming file, path and reason of every mistake found
 */
export function readPlans(folder: string): ReadonlyMap<string, Plan> {
  const plans = new Map<string, Plan>();
  const mistakes: string[] = [];
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()) {
    const read = readPlan(readFileSync(path.join(folder, file), 'utf8'), file);
    if ('plan' in read) plans.set(read.plan.id, read.plan);
    else mistakes.push(...read.mistakes);
  }
  if (mistakes.length > 0) throw new PlanFileError(mistakes.join('\n'));
  return plans;
}

function readPlan(written: string, file: string): { plan: Plan } | { mistakes: string[] } {
  let raw: unknown;
  try {
    raw = JSON.parse(written);
  } catch (error) {
    return { mistakes: [`${file}: not JSON: ${(error as Error).message}`] };
  }
  const result = planSchema.safeParse(raw);
  if (!result.success)
    return {
      mistakes: result.error.issues.map(
        (issue) => `${file}: ${issue.path.join('.') || 'file'}: ${issue.message}`,
      ),
    };
  if (`${result.data.id}.json` !== file) return { mistakes: [`${file}: id: must be the file's name`] };
  return { plan: result.data };
}

/** A round that a plan suggests. What the plan leaves open is null. */
export interface ProposedRound {
  subject: Measure['subject'];
  /** 1 for Đợt 1; null where rounds are not numbered. */
  ordinal: number | null;
  numbering: Numbering | null;
  opens: Day | null;
  /** Last day on which answers are taken. */
  closes: Day | null;
  continuous: boolean;
  lead: string;
  coordinating: string[];
  /** Where the plan raises a target from year to year, the one that counts for the wanted year. */
  targets: Target[];
  /** The document the plan was read from. */
  source: string;
}

/**
 * The rounds a plan describes, moved to another year. Every measure gives at least one: without dates where
 * the plan fixes no month, from 1 January to 31 December where it measures all year round.
 * @param wantedYear the calendar year or, for rounds numbered by school year, the year in which it begins
 * @param numbering which of two lists to follow where a plan numbers its rounds in both ways
 */
export function proposedRounds(
  plan: Plan,
  wantedYear: number,
  numbering: Numbering = 'calendar-year',
): ProposedRound[] {
  return plan.measures.flatMap((measure) => {
    const undated: ProposedRound = {
      subject: measure.subject,
      ordinal: null,
      numbering: null,
      opens: null,
      closes: null,
      continuous: false,
      lead: measure.lead,
      coordinating: measure.coordinating,
      targets: targetsFor(measure.targets, wantedYear),
      source: plan.document,
    };
    const rounds = roundsNumbered(measure, numbering);
    const years = wantedYear - Math.min(...rounds.map((round) => yearOf(round.opens)));
    const proposed = rounds.map(
      (round): ProposedRound => ({
        ...undated,
        ordinal: round.ordinal,
        numbering: round.numbering,
        opens: movedByYears(round.opens, years),
        closes: movedByYears(round.closes, years),
      }),
    );
    if (measure.continuous) proposed.push({ ...undated, ...wholeYear(wantedYear), continuous: true });
    return proposed.length > 0 ? proposed : [undated];
  });
}

/** A measure's other list where that is the one with the wanted numbering, else its own. */
export function roundsNumbered(measure: Measure, numbering: Numbering): DatedRound[] {
  const other = measure.alternativeRounds ?? [];
  return other.some((round) => round.numbering === numbering) ? other : measure.rounds;
}

/** Of several targets for one indicator, the one to be reached next; after the last year, the last. */
function targetsFor(targets: Target[], wantedYear: number): Target[] {
  return targets.filter(({ indicator, by }) => {
    const years = targets.flatMap((other) => (other.indicator === indicator ? (other.by ?? []) : []));
    const next = years.filter((dueYear) => dueYear >= wantedYear);
    return by === undefined || by === (next.length > 0 ? Math.min(...next) : Math.max(...years));
  });
}

function wholeYear(of: number): { opens: Day; closes: Day } {
  return { opens: `${of}-01-01` as Day, closes: `${of}-12-31` as Day };
}

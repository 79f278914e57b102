/** What plans propose for a round, as the form would be filled in: the department's own first, then the ready-made. */
import type { Day } from '../../models/day.js';
import { allPlans, type DepartmentPlan, planByCode } from '../../models/plans.js';
import {
  allRounds,
  type Round,
  type RoundPlan,
  SATISFACTION_RATE,
  type Target,
} from '../../models/rounds.js';
import { surveysOn } from '../../surveys/read.js';
import type { Context } from '../context.js';
import { proposedRounds } from '../plans/planFiles.js';
import { targetsIn, type WantedRound, wantedBy, wantedRounds } from '../plans/plannedRounds.js';
import { roundLabel } from '../plans/roundLabel.js';
import type { EnteredDraft } from './roundForm.js';

/** A round that a plan describes, as the form would be filled in. */
export interface Proposal {
  readonly id: string;
  /** The plan, as the list of proposals groups them. */
  readonly plan: string;
  /** Whether it comes from a ready-made plan. */
  readonly ready: boolean;
  readonly label: string;
  readonly entered: EnteredDraft;
}

/** Every round that a plan proposes and nobody has made yet. */
export async function proposals(context: Context): Promise<Proposal[]> {
  const [plans, rounds] = await Promise.all([allPlans(), allRounds()]);
  const own = plans
    .filter(({ archived }) => !archived)
    .flatMap((plan) => {
      const wanted = wantedRounds(plan);
      const made = rounds
        .filter((round) => round.plan?.id === plan._id)
        .map((round) => wantedBy(wanted, round));
      return wanted
        .filter((one) => !made.includes(one))
        .map((one) => ({
          id: `${plan._id}.${one.measure.id}.${one.planned}`,
          plan: plan.title,
          ready: false,
          label: one.name,
          entered: enteredFor(context, plan, one),
        }));
    });
  return [...own, ...readyProposals(context)];
}

/**
 * The form for what an address names: `plan.measure.planned`, a measure alone for its next round, or a round of a
 * ready-made plan. Empty where it names nothing.
 */
export async function proposedFor(context: Context, wanted: string): Promise<EnteredDraft> {
  const ready = readyProposals(context).find(({ id }) => id === wanted);
  if (ready) return ready.entered;
  const [plan, measure, planned] = wanted.split('.');
  const known = await planByCode(plan ?? '');
  const rounds = known ? wantedRounds(known).filter((one) => one.measure.id === measure) : [];
  const year = Number(context.today().slice(0, 4));
  const round =
    planned === undefined
      ? (rounds.find((one) => one.year >= year) ?? rounds.at(-1))
      : rounds.find((one) => one.planned === planned);
  return known && round ? enteredFor(context, known, round) : {};
}

/** The plan that a form says it was filled in from, and what of its targets the form does not show. */
export interface FromPlan {
  readonly plan: RoundPlan;
  readonly title: string;
  readonly measure: WantedRound['measure'];
  /** Targets for indicators that a round does not measure itself. */
  readonly others: readonly Target[];
}

/** What `plan.measure.planned` in a form stands for; null where it stands for nothing. */
export async function fromPlan(written: string): Promise<FromPlan | null> {
  const [id = '', measure, planned] = written.split('.');
  const plan = planned === undefined ? null : await planByCode(id);
  const wanted =
    plan && wantedRounds(plan).find((one) => one.measure.id === measure && one.planned === planned);
  if (!plan || !wanted) return null;
  return {
    plan: { id, measure: wanted.measure.id, planned: wanted.planned },
    title: plan.title,
    measure: wanted.measure,
    others: targetsIn(wanted.measure.targets, wanted.year).filter(
      ({ indicator }) => indicator !== SATISFACTION_RATE,
    ),
  };
}

/** What a form writes for the plan of a stored round. */
export function writtenPlan({ plan }: Pick<Round, 'plan'>): string {
  return plan ? `${plan.id}.${plan.measure}.${plan.planned}` : '';
}

function enteredFor({ surveys }: Context, plan: DepartmentPlan, wanted: WantedRound): EnteredDraft {
  const { measure, continuous, opens, closes, name, numbering, planned } = wanted;
  return {
    plan: `${plan._id}.${measure.id}.${planned}`,
    label: name,
    subject: measure.subject,
    numbering,
    opens: opens ?? '',
    closes: closes ?? '',
    continuous: continuous ? 'yes' : '',
    ...enteredTarget(targetsIn(measure.targets, wanted.year)),
    lead: measure.lead,
    coordinating: measure.coordinating.join('\n'),
    source: plan.document || plan.title,
    surveys: surveysOn(surveys, measure.subject),
    desks: [],
  };
}

/** The fields of the one target that a round measures itself. */
function enteredTarget(targets: readonly Target[]): Pick<EnteredDraft, 'bound' | 'target'> {
  const target = targets.find(({ indicator }) => indicator === SATISFACTION_RATE);
  return {
    bound: target?.moreThan == null ? 'at-least' : 'more-than',
    target: String(target?.atLeast ?? target?.moreThan ?? '').replace('.', ','),
  };
}

/** What every ready-made plan proposes for this year. */
function readyProposals({ plans, surveys, today }: Context): Proposal[] {
  const year = Number(today().slice(0, 4));
  return [...plans.values()].flatMap((plan) =>
    proposedRounds(plan, year).map((round, index): Proposal => {
      const numbering = round.numbering ?? 'calendar-year';
      const newYear = `${year}-01-01` as Day;
      const opens = round.opens ?? (round.continuous ? newYear : '');
      const label = roundLabel(numbering, round.continuous ? null : (round.ordinal ?? 1), opens || newYear);
      return {
        id: `${plan.id}.${index + 1}`,
        plan: plan.department,
        ready: true,
        label,
        entered: {
          label,
          subject: round.subject,
          numbering,
          opens,
          closes: round.closes ?? (round.continuous ? `${year}-12-31` : ''),
          continuous: round.continuous ? 'yes' : '',
          ...enteredTarget(round.targets),
          lead: round.lead,
          coordinating: round.coordinating.join('\n'),
          source: round.source,
          surveys: surveysOn(surveys, round.subject),
          desks: [],
        },
      };
    }),
  );
}

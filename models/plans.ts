/**
 * Plans of the department for a year or a period: what is measured, who leads it, when, what is to be written by which
 * day, and what it is to reach. What is done is marked; nothing of a plan ever changes a round made from it.
 */
import mongoose from 'mongoose';
import type { Day } from './day.js';
import { planSchema } from './planSchema.js';
import type { Numbering, Round, Target } from './rounds.js';

/** How often something recurs; null for once. */
export const EVERY = ['month', 'quarter', 'half-year', 'year'] as const;
export type Every = (typeof EVERY)[number];

/** Something to be written and handed in. */
export interface Deliverable {
  /** Stable within the plan, such as `p2`. */
  id: string;
  name: string;
  every: Every | null;
  /** A day, or a quarter such as 2026-Q4; null where none is set, or where it follows from `every`. */
  due: string | null;
  /** Days after the end of each period by which it is due; negative for before. */
  shift: number;
}

/** A round as the plan names it. */
export interface PlannedRound {
  /** Stable within the measure, such as `r1`. */
  id: string;
  name: string;
  /** 1 for Đợt 1. */
  ordinal: number;
  numbering: Numbering;
  /** In the first year of the plan; null where the plan fixes no month. */
  opens: Day | null;
  closes: Day | null;
}

/** A target with the year by which it is to be reached; null for the time of the plan. */
export interface PlanTarget extends Target {
  /** Stable within the measure, such as `t1`. */
  id: string;
  by: number | null;
}

/** One thing that is measured. */
export interface PlanMeasure {
  /** Stable within the plan, such as `m1`. */
  id: string;
  subject: Round['subject'];
  what: string;
  lead: string;
  coordinating: string[];
  rounds: PlannedRound[];
  /** The same rounds under their other numbers; empty where there are none. */
  alternativeRounds: PlannedRound[];
  roundsNote: string;
  /** Measured all year round, in the words of the plan; null where it is not. */
  continuous: string | null;
  /** Whether it is (also) asked on paper. */
  paper: boolean;
  products: Deliverable[];
  targets: PlanTarget[];
}

/** What is to be mended because it scored low. */
export interface RemedialAction {
  /** Stable within the plan, such as `a1`. */
  id: string;
  indicator: string;
  lead: string;
  coordinating: string[];
  when: string;
  /** How it is told that it was done; empty where the plan says nothing. */
  measure: string;
}

/** Something of a plan that was done, or another indicator that was measured elsewhere. */
export interface DoneMark {
  /** What, such as `p1`, `q1@2026-Q2`, `a3` or `m1.t2`. */
  key: string;
  day: Day;
  /** Number or address of the document that proves it; empty where not given. */
  document: string;
  /** What was reached, for a target; null for everything else. */
  value: number | null;
  account: string;
}

export interface DepartmentPlan {
  /** Appears in the office's addresses, such as ke-hoach-nam-2026. */
  _id: string;
  title: string;
  /** Number and day of the document that the plan is; empty where not given. */
  document: string;
  /** First and last day. */
  from: Day;
  to: Day;
  /** The ready-made plan it was taken from, as department and document; empty where it is one's own. */
  takenFrom: string;
  measures: PlanMeasure[];
  /** Reports at fixed times, on the whole plan. */
  reports: Deliverable[];
  remedialActions: RemedialAction[];
  /** How complaints and proposals are taken; empty where the plan says nothing. */
  feedback: { what: string; lead: string };
  indices: string[];
  devices: string;
  evidence: string;
  archived: boolean;
  done: DoneMark[];
  /** Grows with every change of the facts, so that two people who edit at once do not undo each other. */
  revision: number;
}

/** What a person writes of a plan. */
export type PlanFacts = Omit<DepartmentPlan, '_id' | 'archived' | 'done' | 'revision'>;

const plans = mongoose.model('Plan', planSchema);

/** Every plan, the latest first; a department has a few for each year. */
export function allPlans(): Promise<DepartmentPlan[]> {
  return plans.find().sort({ from: -1, _id: 1 }).lean<DepartmentPlan[]>().exec();
}

/** The plan of a code; null where there is none. */
export function planByCode(code: string): Promise<DepartmentPlan | null> {
  return plans.findById(code).lean<DepartmentPlan>().exec();
}

/** Stores a new plan. @throws MongoServerError 11000 where the code is taken */
export async function insertPlan(code: string, facts: PlanFacts): Promise<void> {
  await plans.create({ ...facts, _id: code, archived: false, done: [], revision: 1 });
}

/**
 * Writes a plan's facts anew; what is done stays done.
 * @param revision what the person who wrote them had before them
 * @returns false where somebody else was quicker
 */
export async function replacePlan(code: string, revision: number, facts: PlanFacts): Promise<boolean> {
  const { matchedCount } = await plans.updateOne(
    { _id: code, revision },
    { $set: facts, $inc: { revision: 1 } },
  );
  return matchedCount === 1;
}

/** Marks something as done. @returns false where it is already */
export async function markDone(code: string, mark: DoneMark): Promise<boolean> {
  const { matchedCount } = await plans.updateOne(
    { _id: code, 'done.key': { $ne: mark.key } },
    { $push: { done: mark } },
  );
  return matchedCount === 1;
}

/** Takes a mark back. @returns false where there was none (any more) */
export async function unmarkDone(code: string, key: string): Promise<boolean> {
  const { matchedCount } = await plans.updateOne(
    { _id: code, 'done.key': key },
    { $pull: { done: { key } } },
  );
  return matchedCount === 1;
}

/** Puts a plan away, or takes it out again. @returns false where it was already so */
export async function archivePlan(code: string, archived: boolean): Promise<boolean> {
  const { matchedCount } = await plans.updateOne({ _id: code, archived: !archived }, { $set: { archived } });
  return matchedCount === 1;
}

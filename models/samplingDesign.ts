/**
 * The sampling design of a round: how it is decided who is asked, with everything that is needed to compute it again.
 * It is kept inside the round, whose quotas come from it and whose weights and documents are made from it; the list it
 * was computed on is kept unit by unit (models/sampleUnits.ts, models/roundUnits.ts).
 */
import mongoose from 'mongoose';
import type { Day } from './day.js';

/**
 * Version of the method; grows when the same parameters would give other numbers.
 *
 * 1: server/statistics/sampleSize.ts, largest remainders, schools drawn by the SHA-256 of seed and code.
 */
export const SAMPLING_METHOD = 1;

/** What units are put into strata by: the levels they teach, their area class, the unit above them. */
export const STRATUM_KEYS = ['level', 'area', 'place'] as const;
export type StratumKey = (typeof STRATUM_KEYS)[number];

/** What somebody decides. */
export interface SamplingParameters {
  /** Everybody is asked, or some. */
  kind: 'census' | 'sample';
  /** Empty: one stratum with all units. */
  by: StratumKey[];
  /** What the margin is to hold for: the round as a whole, or each stratum by itself. */
  precisionFor: 'round' | 'stratum';
  /** Share above 0: 0.05 for ± 5 percentage points. */
  margin: number;
  /** Percent. */
  confidence: 90 | 95 | 99;
  /** Expected share of favourable answers, 0 to 1. */
  expected: number;
  /** Expected share of those asked who answer, above 0 up to 1. */
  responseRate: number;
  /** 1 and more; see server/statistics/sampleSize.ts. */
  designEffect: number;
  spread: 'proportional' | 'equal';
  /** Fewest responses of each unit. */
  minimum: number;
  /** How many schools of each level are drawn in each stratum; null where all take part. */
  drawn: number | null;
}

/** What a stratum has in common: a set of levels (`thcs|thpt`), an area class or the code of a unit; empty where unknown. */
export interface StratumPart {
  by: StratumKey;
  value: string;
  /** Of a unit, as it was then; else empty. */
  name: string;
}

export interface DesignStratum {
  /** `1`, `2` … in the order of the table. */
  code: string;
  parts: StratumPart[];
  /** Units with known enrolment, and those of them that are asked. */
  units: number;
  asked: number;
  /** Enrolment of all its units, Nₕ. */
  population: number;
  /** Responses wanted by the formula, nₕ; of a census, those expected. */
  answers: number;
  /** Quotas of its units together. */
  quota: number;
  /** Forms to hand out. */
  forms: number;
}

export interface SamplingDesign {
  method: number;
  parameters: SamplingParameters;
  /** What schools were drawn by; null where none were. */
  seed: string | null;
  strata: DesignStratum[];
  /** Day on which it was decided, and by whom. */
  day: Day;
  account: string;
}

const parts = { _id: false, by: String, value: String, name: String };

/** As a part of a round. */
export const samplingDesignSchema = new mongoose.Schema<SamplingDesign>(
  {
    method: { type: Number, required: true },
    parameters: {
      type: new mongoose.Schema<SamplingParameters>(
        {
          kind: String,
          by: [String],
          precisionFor: String,
          margin: Number,
          confidence: Number,
          expected: Number,
          responseRate: Number,
          designEffect: Number,
          spread: String,
          minimum: Number,
          drawn: { type: Number, default: null },
        },
        { _id: false },
      ),
      required: true,
    },
    seed: { type: String, default: null },
    strata: [
      {
        _id: false,
        code: String,
        parts: [parts],
        units: Number,
        asked: Number,
        population: Number,
        answers: Number,
        quota: Number,
        forms: Number,
      },
    ],
    day: { type: String, required: true },
    account: { type: String, required: true },
  },
  { _id: false },
);

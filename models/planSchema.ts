/** How plans are stored. */
import mongoose from 'mongoose';
import type { DepartmentPlan } from './plans.js';

const deliverable = { _id: false, id: String, name: String, every: String, due: String, shift: Number };
const plannedRound = {
  _id: false,
  id: String,
  name: String,
  ordinal: Number,
  numbering: String,
  opens: String,
  closes: String,
};
const target = {
  _id: false,
  id: String,
  indicator: String,
  atLeast: Number,
  moreThan: Number,
  atMost: Number,
  unit: String,
  by: Number,
};

export const planSchema = new mongoose.Schema<DepartmentPlan>(
  {
    _id: { type: String, required: true },
    title: { type: String, required: true },
    document: { type: String, default: '' },
    from: { type: String, required: true },
    to: { type: String, required: true },
    takenFrom: { type: String, default: '' },
    measures: {
      type: [
        {
          _id: false,
          id: String,
          subject: String,
          what: String,
          lead: String,
          coordinating: [String],
          rounds: [plannedRound],
          alternativeRounds: [plannedRound],
          roundsNote: String,
          continuous: { type: String, default: null },
          paper: Boolean,
          products: [deliverable],
          targets: [target],
        },
      ],
      required: true,
    },
    reports: { type: [deliverable], required: true },
    remedialActions: {
      type: [
        {
          _id: false,
          id: String,
          indicator: String,
          lead: String,
          coordinating: [String],
          when: String,
          measure: String,
        },
      ],
      required: true,
    },
    feedback: { what: String, lead: String },
    indices: { type: [String], required: true },
    devices: { type: String, default: '' },
    evidence: { type: String, default: '' },
    archived: { type: Boolean, default: false },
    done: {
      type: [
        {
          _id: false,
          key: String,
          day: String,
          document: String,
          value: { type: Number, default: null },
          account: String,
        },
      ],
      default: [],
    },
    revision: { type: Number, required: true },
  },
  { collection: 'plans', versionKey: false },
);

/** How rounds are stored. */
import mongoose from 'mongoose';
import type { Round, RoundPlan } from './rounds.js';
import { samplingDesignSchema } from './samplingDesign.js';

export const roundSchema = new mongoose.Schema<Round>(
  {
    _id: { type: String, required: true },
    label: { type: String, required: true },
    subject: { type: String, enum: ['education', 'procedure'], required: true },
    numbering: { type: String, enum: ['school-year', 'calendar-year'], required: true },
    opens: { type: String, required: true },
    closes: { type: String, required: true },
    closedOn: { type: String, default: null },
    continuous: { type: Boolean, required: true },
    state: { type: String, enum: ['draft', 'open', 'closed', 'published'], required: true },
    surveys: { type: [{ _id: false, id: String, version: Number, hash: String }], required: true },
    services: {
      type: [{ _id: false, code: String, kind: String, name: mongoose.Schema.Types.Mixed }],
      required: true,
    },
    units: { type: [String], required: true },
    everyUnit: { type: Boolean, default: false },
    access: { type: String, enum: ['link', 'invitation'], default: 'link' },
    targets: {
      type: [
        {
          _id: false,
          indicator: String,
          atLeast: Number,
          moreThan: Number,
          atMost: Number,
          unit: String,
        },
      ],
      required: true,
    },
    lead: { type: String, default: '' },
    source: { type: String, default: '' },
    coordinating: { type: [String], default: [] },
    plan: {
      type: new mongoose.Schema<RoundPlan>(
        { id: String, measure: String, planned: { type: String, default: '' } },
        { _id: false, id: false },
      ),
      default: null,
    },
    history: {
      type: [{ _id: false, day: String, what: String, closes: String, reason: String, account: String }],
      default: [],
    },
    design: { type: samplingDesignSchema, default: null },
    publications: {
      type: [
        {
          _id: false,
          revision: Number,
          attempt: String,
          seal: String,
          day: String,
          reason: String,
          account: String,
          responses: Number,
        },
      ],
      default: [],
    },
    sealing: { type: String },
  },
  { collection: 'rounds', versionKey: false },
)
  .index({ opens: -1 })
  .index({ 'plan.id': 1 })
  .index({ 'publications.revision': 1 }, { sparse: true });

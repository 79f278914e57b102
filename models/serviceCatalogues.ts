/**
 * The catalogue of services, whole in each of its versions: a change is one document under the next number, so that
 * it holds as a whole or not at all, two people cannot overwrite each other, and every earlier version can be brought
 * back.
 */
import mongoose from 'mongoose';
import type { Day } from './day.js';
import { isDuplicateKey } from './duplicateKey.js';

/** By language; Vietnamese and English at least. */
interface Texts {
  vi: string;
  en: string;
  [language: string]: string;
}

/** Who carries a procedure out. */
export const ADMINISTRATIONS = ['province', 'commune', 'school', 'district'] as const;
type Administration = (typeof ADMINISTRATIONS)[number];

/** What can be rated: an education service by level, or an administrative procedure (TTHC). */
export interface Service {
  /** A level such as thcs, or the code of a procedure such as 2.002854. */
  code: string;
  kind: 'education' | 'procedure';
  name: Texts;
  /** Of a procedure: its field, such as Văn bằng, chứng chỉ. */
  field?: Texts | undefined;
  /** Of a procedure: who carries it out; district only until June 2025. */
  administration?: Administration | undefined;
  /** First and last day on which it is in force; null where not known, or always. */
  since?: Day | null | undefined;
  until?: Day | null | undefined;
  /** Code of the service that took its place. */
  replacedBy?: string | null | undefined;
}

export type CatalogueDeed = 'first' | 'import' | 'edit' | 'restore';

/** One version of the catalogue. */
export interface CatalogueVersion {
  /** 1, 2, 3 … without gaps. */
  _id: number;
  at: Date;
  account: string;
  deed: CatalogueDeed;
  /** How many services it adds and changes. */
  added: number;
  changed: number;
  services: Service[];
}

const catalogues = mongoose.model(
  'ServiceCatalogue',
  new mongoose.Schema<CatalogueVersion>(
    {
      _id: { type: Number, required: true },
      at: { type: Date, required: true },
      account: { type: String, required: true },
      deed: { type: String, required: true },
      added: { type: Number, required: true },
      changed: { type: Number, required: true },
      services: { type: mongoose.Schema.Types.Mixed, required: true },
    },
    {
      collection: 'serviceCatalogues',
      versionKey: false,
      minimize: false,
      writeConcern: { w: 'majority', j: true },
    },
  ),
);

/** The catalogue as it is, where it is later than a version that is known already; null otherwise. */
export function catalogueAfter(version: number): Promise<CatalogueVersion | null> {
  return catalogues
    .findOne({ _id: { $gt: version } })
    .sort({ _id: -1 })
    .lean<CatalogueVersion>()
    .exec();
}

/** A version of the catalogue; null where there is none. */
export function catalogueVersion(version: number): Promise<CatalogueVersion | null> {
  return catalogues.findById(version).lean<CatalogueVersion>().exec();
}

/** The latest versions without their services, the last first. */
export function latestCatalogues(limit: number): Promise<Omit<CatalogueVersion, 'services'>[]> {
  return catalogues
    .find({ _id: { $gt: 0 } }, { services: 0 })
    .sort({ _id: -1 })
    .limit(limit)
    .lean<Omit<CatalogueVersion, 'services'>[]>()
    .exec();
}

/** Adds a version. @returns false where its number is taken: somebody else was quicker */
export async function addCatalogue(version: CatalogueVersion): Promise<boolean> {
  try {
    await catalogues.create(version);
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

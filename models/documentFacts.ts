/**
 * What an official document of a round needs and the product does not know: its number and day, who signs it, its
 * legal grounds, who receives it. As people typed it; a document is made from it and from the round each time.
 */
import mongoose from 'mongoose';
import type { Day } from './day.js';

/** The documents of a round: Kế hoạch khảo sát, Báo cáo kết quả. */
export const DOCUMENTS = ['plan', 'report'] as const;
export type DocumentKind = (typeof DOCUMENTS)[number];

/** Texts are empty where they are left open. */
export interface DocumentFacts {
  /** The agency above the department (cơ quan chủ quản). */
  superior: string;
  number: string;
  /** After the number's stroke: KH-SGDĐT. */
  symbol: string;
  place: string;
  day: Day | null;
  /** Authority and position of the signer, a line each: KT. GIÁM ĐỐC, PHÓ GIÁM ĐỐC. */
  position: string[];
  signer: string;
  grounds: string[];
  recipients: string[];
  /** Of a plan: what the survey may cost, in đồng, and who pays. */
  budget: number | null;
  budgetSource: string;
  /** Of a report: forms that were handed out; null where nobody counted them. */
  handedOut: number | null;
}

interface StoredFacts extends DocumentFacts {
  /** `round/kind`. */
  _id: string;
  kind: DocumentKind;
  /** Grows with every change, so that two people who write at once do not undo each other. */
  revision: number;
  /** When it was stored last: what the next document of its kind begins with. */
  stored: Date;
}

const documentFacts = mongoose.model(
  'DocumentFacts',
  new mongoose.Schema<StoredFacts>(
    {
      _id: { type: String, required: true },
      kind: { type: String, enum: DOCUMENTS, required: true },
      superior: { type: String, default: '' },
      number: { type: String, default: '' },
      symbol: { type: String, default: '' },
      place: { type: String, default: '' },
      day: { type: String, default: null },
      position: { type: [String], default: [] },
      signer: { type: String, default: '' },
      grounds: { type: [String], default: [] },
      recipients: { type: [String], default: [] },
      budget: { type: Number, default: null },
      budgetSource: { type: String, default: '' },
      handedOut: { type: Number, default: null },
      revision: { type: Number, required: true },
      stored: { type: Date, required: true },
    },
    { collection: 'documentFacts', versionKey: false },
  ).index({ kind: 1, stored: -1 }),
);

/** Facts with the revision they have. */
export type KnownFacts = DocumentFacts & { readonly revision: number };

/** What is kept of a document of a round; null where nobody has written anything. */
export function documentFactsOf(round: string, kind: DocumentKind): Promise<KnownFacts | null> {
  return documentFacts.findById(`${round}/${kind}`).lean<StoredFacts>().exec();
}

/** What was written last for any document of a kind; null where nothing was. */
export async function latestDocumentFacts(kind: DocumentKind): Promise<DocumentFacts | null> {
  const [latest] = await documentFacts.find({ kind }).sort({ stored: -1 }).limit(1).lean<StoredFacts[]>();
  return latest ?? null;
}

/**
 * Keeps what somebody wrote of a document.
 * @param revision what they had before them; 0 for nothing
 * @returns false where somebody else was quicker
 */
export async function keepDocumentFacts(
  round: string,
  kind: DocumentKind,
  revision: number,
  facts: DocumentFacts,
): Promise<boolean> {
  const _id = `${round}/${kind}`;
  const stored = new Date();
  if (revision > 0) {
    const { matchedCount } = await documentFacts.updateOne(
      { _id, revision },
      { $set: { ...facts, stored }, $inc: { revision: 1 } },
    );
    return matchedCount === 1;
  }
  // Of two who write the first time at once, one inserts it and the other finds it.
  const { upsertedCount } = await documentFacts.updateOne(
    { _id },
    { $setOnInsert: { ...facts, kind, revision: 1, stored } },
    { upsert: true },
  );
  return upsertedCount === 1;
}

/** Removes what was written for the documents of a round that is thrown away. */
export async function removeDocumentFacts(round: string): Promise<void> {
  await documentFacts.deleteMany({ _id: { $in: DOCUMENTS.map((kind) => `${round}/${kind}`) } });
}

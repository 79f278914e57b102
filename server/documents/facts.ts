/** What a document needs beside its round: as the office wrote it, or proposed for it to look at. */
import type { Day } from '../../models/day.js';
import {
  type DocumentFacts,
  type DocumentKind,
  documentFactsOf,
  latestDocumentFacts,
} from '../../models/documentFacts.js';
import type { Round } from '../../models/rounds.js';
import type { Context } from '../context.js';
import { gap, type Inline, type OfficialDocument, type Text } from './form/content.js';
import { phrase, wording } from './wording.js';

/** The facts of a document; `confirmed` once somebody has stored them. */
export interface FactsOfDocument {
  readonly facts: DocumentFacts;
  readonly confirmed: boolean;
  /** 0 where nothing is stored. */
  readonly revision: number;
}

/**
 * The facts of a document of a round. Where nobody has written any: what was written last for a document of the same
 * kind, as far as it stays from round to round, and what the product can propose.
 */
export async function factsOf(context: Context, round: Round, kind: DocumentKind): Promise<FactsOfDocument> {
  const [stored, other] = await Promise.all([
    documentFactsOf(round._id, kind),
    documentFactsOf(round._id, kind === 'plan' ? 'report' : 'plan'),
  ]);
  if (stored) return { facts: stored, confirmed: true, revision: stored.revision };
  const proposed = proposedFacts(context, round, kind);
  const latest = other ?? (await latestDocumentFacts(kind));
  if (!latest) return { facts: proposed, confirmed: false, revision: 0 };
  const { superior, place, position, signer, recipients } = latest;
  return {
    facts: { ...proposed, superior, place, position, signer, recipients },
    confirmed: false,
    revision: 0,
  };
}

/** The symbol of a document, which begins with its kind. */
const SYMBOLS: Readonly<Record<DocumentKind, string>> = {
  plan: phrase('facts.symbol.plan'),
  report: phrase('facts.symbol.report'),
};

/**
 * What is proposed where nobody has written anything. Grounds are the decisions that the method of this product goes
 * back to; which of them is in force, and in which words it is cited, the office decides.
 */
function proposedFacts({ config }: Context, round: Round, kind: DocumentKind): DocumentFacts {
  const [, whole = '', place = ''] =
    /(?:(tỉnh|thành phố)\s+)(\S.*)$/iu.exec(config.departmentName.normalize('NFC')) ?? [];
  const people = place === '' ? '' : phrase('facts.people', { whole, place });
  return {
    superior: people,
    number: '',
    symbol: SYMBOLS[kind],
    place,
    day: null,
    position: [],
    signer: '',
    grounds: [...GROUNDS[round.subject], ...(round.source === '' ? [] : [sourceAsGround(round.source)])],
    recipients: [
      people === '' ? phrase('facts.recipients.province') : phrase('facts.recipients.people', { people }),
      phrase('facts.recipients.directors'),
      phrase('facts.recipients.divisions'),
      phrase('facts.recipients.units'),
      phrase('facts.recipients.archive'),
    ],
    budget: null,
    budgetSource: '',
    handedOut: null,
  };
}

/** A round names its source as `department: document`. */
function sourceAsGround(source: string): string {
  const [, department = '', document = ''] = /^([^:]+): (.+)$/u.exec(source) ?? [];
  return document === '' ? source : phrase('facts.grounds.of', { document, department });
}

const GROUNDS: Readonly<Record<Round['subject'], readonly string[]>> = {
  education: [phrase('facts.grounds.education.method'), phrase('facts.grounds.education.scheme')],
  procedure: [phrase('facts.grounds.procedure.one-stop'), phrase('facts.grounds.procedure.method')],
};

/** A value as a document prints it: marked where it is missing, or only proposed. */
function stated(value: string, confirmed: boolean, what = ''): Text {
  if (value === '') return [gap(what)];
  return confirmed ? value : [{ proposed: value }];
}

type Framed = Omit<OfficialDocument, 'kind' | 'kindInText' | 'about' | 'standing' | 'blocks' | 'appendices'>;

/** Head and foot of a document. @param year printed where its day is open */
export function frameOf({ config }: Context, { facts, confirmed }: FactsOfDocument, today: Day): Framed {
  const of = (value: string, what = '') => stated(value, confirmed, what);
  const last = facts.grounds.length - 1;
  return {
    superior: of(facts.superior, phrase('gap.superior')),
    agency: shortName(config.departmentName),
    number: facts.number === '' ? [gap()] : facts.number.padStart(2, '0'),
    symbol: of(facts.symbol, phrase('gap.symbol')),
    place: of(facts.place, phrase('gap.place')),
    day: facts.day,
    year: today.slice(0, 4),
    grounds:
      facts.grounds.length === 0
        ? [wording('frame.ground', { ground: gap(phrase('gap.grounds')), end: ';' })]
        : facts.grounds.map((cited, at): Inline[] => {
            const ground = of(cited.replace(/[;.,]\s*$/u, ''));
            const end = at === last ? ',' : ';';
            return /^(căn cứ|thực hiện|theo)\b/iu.test(cited)
              ? ['', ...asList(ground), end]
              : wording('frame.ground', { ground, end });
          }),
    recipients: facts.recipients.map((one) => of(one.replace(/[;.,]\s*$/u, ''))),
    position:
      facts.position.length === 0 ? [[gap(phrase('gap.position'))]] : facts.position.map((one) => of(one)),
    signer: of(facts.signer, phrase('gap.signer')),
  };
}

function asList(text: Text): readonly Inline[] {
  return typeof text === 'string' ? [text] : text;
}

/** The department as its own documents name it: the province stands above it. */
function shortName(name: string): string {
  return name.replace(/\s+(?:tỉnh|thành phố)\s+\S.*$/iu, '');
}

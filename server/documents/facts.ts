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

/** The kind of a document, as its symbol begins. */
const SYMBOLS: Readonly<Record<DocumentKind, string>> = { plan: 'KH', report: 'BC' };

/**
 * What is proposed where nobody has written anything. Grounds are the decisions that the method of this product goes
 * back to; which of them is in force, and in which words it is cited, the office decides.
 */
function proposedFacts({ config }: Context, round: Round, kind: DocumentKind): DocumentFacts {
  const [, whole = '', place = ''] =
    /(?:(tỉnh|thành phố)\s+)(\S.*)$/iu.exec(config.departmentName.normalize('NFC')) ?? [];
  const people = place === '' ? '' : `UBND ${whole} ${place}`;
  return {
    superior: people,
    number: '',
    symbol: `${SYMBOLS[kind]}-SGDĐT`,
    place,
    day: null,
    position: [],
    signer: '',
    grounds: [...GROUNDS[round.subject], ...(round.source === '' ? [] : [sourceAsGround(round.source)])],
    recipients: [
      people === '' ? 'UBND tỉnh (để báo cáo)' : `${people} (để báo cáo)`,
      'Giám đốc, các Phó Giám đốc Sở',
      'Các phòng thuộc Sở',
      'Các đơn vị tham gia khảo sát',
      'Lưu: VT',
    ],
    budget: null,
    budgetSource: '',
    handedOut: null,
  };
}

/** A round names its source as `department: document`. */
function sourceAsGround(source: string): string {
  return source.replace(/^([^:]+): (.+)$/u, '$2 của $1');
}

const GROUNDS: Readonly<Record<Round['subject'], readonly string[]>> = {
  education: [
    'Quyết định số 3476/QĐ-BGDĐT ngày 04/10/2019 của Bộ Giáo dục và Đào tạo về bộ phiếu và hướng dẫn đo lường sự hài lòng của người dân đối với dịch vụ giáo dục công',
    'Quyết định số 2034/QĐ-BGDĐT ngày 13/7/2023 của Bộ Giáo dục và Đào tạo về Đề án đo lường sự hài lòng của người dân đối với dịch vụ giáo dục công giai đoạn 2023 - 2030',
  ],
  procedure: [
    'Nghị định số 118/2025/NĐ-CP của Chính phủ về thực hiện thủ tục hành chính theo cơ chế một cửa, một cửa liên thông',
    'Quyết định số 2640/QĐ-BNV năm 2017 của Bộ Nội vụ về phương pháp đo lường sự hài lòng đối với sự phục vụ của cơ quan hành chính nhà nước',
  ],
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
    superior: of(facts.superior, 'cơ quan chủ quản'),
    agency: shortName(config.departmentName),
    number: facts.number === '' ? [gap()] : facts.number.padStart(2, '0'),
    symbol: of(facts.symbol, 'ký hiệu'),
    place: of(facts.place, 'địa danh'),
    day: facts.day,
    year: today.slice(0, 4),
    grounds:
      facts.grounds.length === 0
        ? [['Căn cứ ', gap('văn bản làm căn cứ'), ';']]
        : facts.grounds.map((ground, at): Inline[] => [
            /^(căn cứ|thực hiện|theo)\b/iu.test(ground) ? '' : 'Căn cứ ',
            ...asList(of(ground.replace(/[;.,]\s*$/u, ''))),
            at === last ? ',' : ';',
          ]),
    recipients: facts.recipients.map((one) => of(one.replace(/[;.,]\s*$/u, ''))),
    position: facts.position.length === 0 ? [[gap('chức vụ')]] : facts.position.map((one) => of(one)),
    signer: of(facts.signer, 'họ và tên'),
  };
}

function asList(text: Text): readonly Inline[] {
  return typeof text === 'string' ? [text] : text;
}

/** The department as its own documents name it: the province stands above it. */
function shortName(name: string): string {
  return name.replace(/\s+(?:tỉnh|thành phố)\s+\S.*$/iu, '');
}

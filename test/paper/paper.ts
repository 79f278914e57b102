/** A unit with paper forms to be typed in, for the tests of it. */
import type TestAgent from 'supertest/lib/agent.js';
import type { Day } from '../../models/day.js';
import { batchesOfUnit, type PaperBatch } from '../../models/paperBatches.js';
import { numberSheets } from '../../models/paperPrints.js';
import { MOST_SHEETS, paperSerial } from '../../models/paperSerial.js';
import { resumeHandOvers } from '../../server/paper/handOver.js';
import type { RoundDraft } from '../../server/rounds/rounds.js';
import { itemsOf } from '../../surveys/read.js';
import { openedRound, type TestApp, unitRow } from '../http/testApp.js';

/** So many sheets of each survey were printed for the school. */
export const PRINTED = 20_000;

/** A school with two surveys of its level, one beside it, and a desk. */
export const SCHOOL = 'T1';

export interface PaperUnit {
  readonly product: TestApp;
  readonly round: string;
  /** Address of the unit's paper pages. */
  readonly pages: string;
}

/** Opens a round in which the school takes part. */
export async function paperUnit(product: TestApp, change: Partial<RoundDraft> = {}): Promise<PaperUnit> {
  const { round } = await openedRound(
    product,
    [unitRow(SCHOOL, ['thcs', 'tieu-hoc']), unitRow('T2', ['thcs'])],
    change,
  );
  for (const survey of product.context.surveys.keys())
    await numberSheets(
      { round, unit: SCHOOL, survey, day: day('2026-10-01'), run: null },
      PRINTED,
      MOST_SHEETS,
    );
  return { product, round, pages: `/van-phong/co-so/${SCHOOL}/phieu-giay` };
}

/** The form of a new batch, filled in; changed as the test wants it. */
export function batchForm(round: string, change: Record<string, string> = {}): Record<string, string> {
  return {
    tap: `${round}/parents-thcs/thcs`,
    nguon: 'typed',
    'so-phieu': 'printed',
    'so-luong': '3',
    'thu-den': '2026-10-14',
    'nhap-lai': '0',
    'it-nhat': '0',
    ...change,
  };
}

/** Opens a batch. @returns it as it is stored */
export async function openBatch(
  agent: TestAgent,
  { round, pages }: PaperUnit,
  change: Record<string, string> = {},
): Promise<PaperBatch> {
  await agent.post(`${pages}/moi`).type('form').send(batchForm(round, change)).expect(303);
  const [unit = ''] = pages.split('/').slice(3);
  const batches = (await batchesOfUnit(unit)).filter((batch) => batch.round === round);
  return batches[0] as PaperBatch;
}

/** The serial of a sheet of a batch. */
export function serialOf({ product: { context } }: PaperUnit, batch: PaperBatch, number: number): string {
  const survey = [...context.surveys.values()]
    .filter(({ subject }) => subject === context.surveys.get(batch.survey)?.subject)
    .findIndex(({ id }) => id === batch.survey);
  return paperSerial({ round: batch.round, unit: batch.unit }, { survey: survey + 1, number });
}

/** Every coded question of a survey as it is typed: the same level everywhere, the first option, 80 %. */
export function typedForm({ context }: TestApp, survey: string, level: string): Record<string, string> {
  const asked = context.surveys.get(survey);
  if (!asked) throw new Error(`no survey ${survey}`);
  return Object.fromEntries(
    itemsOf(asked)
      .filter(({ showIf, kind }) => !showIf && kind !== 'text')
      .map(({ code, kind }) => [code, kind === 'likert' ? level : kind === 'percentage' ? '80' : '1']),
  );
}

/** A day as the tests write it. */
export const day = (text: string) => text as Day;

/** The whole life of two batches of photocopies of a preschool: one typed, twice and mended, one from a file. */
export async function typeAndHandOver(
  product: TestApp,
  agent: TestAgent,
  round: string,
  unit: string,
): Promise<void> {
  const pages = `/van-phong/co-so/${unit}/phieu-giay`;
  const survey = 'parents-mam-non';
  const form = typedForm(product, survey, '4');
  const post = (path: string, fields: Record<string, string>) =>
    agent.post(`${pages}/${path}`).type('form').send(fields).expect(303);
  const open = async (change: Record<string, string>) => {
    const choice = { tap: `${round}/${survey}/mam-non`, 'so-phieu': 'written', 'cung-nguoi': 'yes' };
    await post('moi', batchForm(round, { ...choice, 'nhap-lai': '1', 'it-nhat': '2', ...change }));
    return (await batchesOfUnit(unit))[0]?._id ?? '';
  };
  const typed = await open({});
  for (const so of ['1', '2', '3']) await post(`${typed}/nhap`, { so, ...form });
  await post(`${typed}/phieu/1`, { ...form, A01: '2' });
  await post(`${typed}/phieu/3/bo`, { 'ly-do': 'thử' });
  await post(`${typed}/lan-hai`, { so: '1', ...form });
  await post(`${typed}/lan-hai`, { so: '2', ...form });
  await post(`${typed}/doi-chieu/1`, { A01: '2' });
  for (const path of ['', `/${typed}`, `/${typed}/nhap`, `/${typed}/so?so=9`])
    await agent.get(pages + path).expect(200);
  await post(`${typed}/chot`, {});
  const file = await open({ nguon: 'file' });
  const list = `${Object.keys(form).join()}\n${Object.values(form).join()}`;
  await agent.post(`${pages}/${file}/tep`).field('list', list).field('step', 'store').expect(303);
  await post(`${file}/huy`, { 'ly-do': 'thử' });
  await resumeHandOvers(product.context);
}

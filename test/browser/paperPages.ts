/** Batches of paper forms in every state that has a page of its own, for looking at all pages. */
import type { BrowserContext } from 'playwright-core';
import { projectPath } from '../../server/paths.js';
import { itemsOf, readSurveys } from '../../surveys/read.js';
import type { Product } from './product.js';

const SURVEY = 'parents-thpt';

/**
 * Opens a batch with one sheet to be mended and one whose two entries differ, and a batch that waits for its file.
 * @returns what stands in the addresses of paper pages
 */
export async function paperPages(
  { request }: BrowserContext,
  { url, database }: Product,
  round: string,
  unit: string,
): Promise<(route: string) => Readonly<Record<string, string>>> {
  const pages = `${url}/van-phong/co-so/${unit}/phieu-giay`;
  const opens = (await database.collection<{ _id: string; opens: string }>('rounds').findOne({ _id: round }))
    ?.opens;
  const survey = readSurveys(projectPath('surveys')).get(SURVEY);
  const post = async (address: string, form: Record<string, string>) => {
    const answer = await request.post(address, { form, maxRedirects: 0 });
    if (answer.status() !== 303) throw new Error(`${address} answered ${answer.status()}`);
    return answer.headers().location?.split('/').at(-1) ?? '';
  };
  const open = (change: Record<string, string>) =>
    post(`${pages}/moi`, {
      tap: `${round}/${SURVEY}/thpt`,
      'so-phieu': 'written',
      'so-luong': '2',
      'thu-den': opens ?? '',
      'nhap-lai': '1',
      'it-nhat': '0',
      'cung-nguoi': 'yes',
      ...change,
    });
  const typed = await open({});
  const file = await open({ nguon: 'file' });
  const form = (so: string, level: string) => ({
    so,
    ...Object.fromEntries(
      (survey ? itemsOf(survey) : [])
        .filter(({ kind }) => kind !== 'text')
        .map(({ code, kind }) => [code, kind === 'likert' ? level : kind === 'percentage' ? '80' : '1']),
    ),
  });
  await post(`${pages}/${typed}/nhap`, form('1', '4'));
  await post(`${pages}/${typed}/nhap`, form('2', '4'));
  await post(`${pages}/${typed}/lan-hai`, form('2', '5'));
  return (route) => {
    if (!route.includes('/phieu-giay/')) return {};
    const number = route.includes('/doi-chieu/') ? '2' : '1';
    return { ':batch': /\/(tep|mau\.\w+)$/.test(route) ? file : typed, ':number': number };
  };
}

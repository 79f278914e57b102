/** What an office does with plans and rounds, done through the pages as a person does it. */
import type TestAgent from 'supertest/lib/agent.js';
import { storeUnits } from '../../models/units.js';
import { unitRow } from '../http/testApp.js';
import { formAt } from './forms.js';

/** Stores the units that every one of the five plans can be carried out with: a department, its desk, two schools. */
export async function storeDepartment(): Promise<void> {
  await storeUnits([
    unitRow('SGD', [], 'Sở Giáo dục và Đào tạo'),
    { ...unitRow('MC', [], 'Bộ phận nhận, trả kết quả TTHC'), parent: 'SGD' },
    { ...unitRow('TH', ['tieu-hoc'], 'Trường Tiểu học Số 1'), parent: 'SGD', enrolment: 420 },
    { ...unitRow('CS', ['thcs', 'thpt'], 'Trường liên cấp'), parent: 'SGD', enrolment: 900 },
  ]);
}

/** Takes up a ready-made plan through its form. @returns the plan's code */
export async function takenUpThroughPage(
  office: TestAgent,
  ready: string,
  year: string,
  change: object = {},
): Promise<string> {
  const page = await office.get('/van-phong/ke-hoach/moi').query({ mau: ready }).expect(200);
  const form = { ...formAt(page.text, '/van-phong/ke-hoach/moi'), year, title: `Kế hoạch ${ready} ${year}` };
  const answer = await office
    .post('/van-phong/ke-hoach/moi')
    .type('form')
    .send({ ...form, ...change })
    .expect(303);
  return String(answer.headers.location).replace('/van-phong/ke-hoach/', '');
}

/** Makes a round from the form as the plan fills it in, changed where the plan leaves something open. @returns its code */
export async function madeFromPlan(
  office: TestAgent,
  plan: string,
  planned: string,
  change: object = {},
): Promise<string> {
  const page = await office
    .get('/van-phong/dot-moi')
    .query({ 'ke-hoach': `${plan}.${planned}` })
    .expect(200);
  const form = formAt(page.text, '/van-phong/dot-moi');
  const answer = await office
    .post('/van-phong/dot-moi')
    .type('form')
    .send({ ...form, ...change })
    .expect(303);
  return String(answer.headers.location).replace('/van-phong/dot/', '');
}

/** Opens a round as a person does: reads the check list, says so, presses the button. */
export async function openedThroughPage(office: TestAgent, round: string): Promise<void> {
  const page = await office.get(`/van-phong/dot/${round}/quan-ly`).expect(200);
  const seen = /name="da-xem" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  await office.post(`/van-phong/dot/${round}/mo`).type('form').send({ 'da-xem': seen }).expect(303);
}

import readXlsxFile from 'read-excel-file/node';
import { afterAll, expect, it } from 'vitest';
import { storeUnits } from '../../models/units.js';
import { createRound, openRound } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { draft, officeAgent, startTestApp, unitRow } from '../http/testApp.js';
import { allGiving, storeResponses } from '../results/responses.js';
import { SAMPLE_FORM } from '../sampling/sampleForm.js';
import { wholeFile } from './wholeFile.js';

afterAll(dropDatabase);

it('the rate weighted by the strata of a design is named so in the workbook, as in the file of groups', async () => {
  const product = await startTestApp('2026-09-20');
  const { context } = product;
  const office = await officeAgent(product);
  const school = (code: string, area: string) => ({ ...unitRow(code, ['thcs']), enrolment: 300, area });
  await storeUnits([school('P1', 'Đồng bằng'), school('N1', 'Miền núi')]);
  const round = await createRound(context, draft(context, { surveys: ['parents-thcs'] }));
  const page = `/van-phong/dot/${round}`;
  await office
    .post(`${page}/mau`)
    .type('form')
    .send({ ...SAMPLE_FORM, by: ['area'] })
    .expect(303);
  expect(await openRound(context, round)).toEqual([]);
  for (const unit of ['P1', 'N1'])
    await storeResponses(context, { round, unit, survey: 'parents-thcs', service: 'thcs' }, 9, allGiving(4));

  const groups = wholeFile((await office.get(`${page}/nhom.csv`).expect(200)).text).records;
  const ways = groups.map((line) => line['Nhóm'] ?? '');
  const { body } = await office.get(`${page}/ty-le.xlsx`).responseType('blob').expect(200);
  const [summary] = (await readXlsxFile(body)) as unknown as { data: unknown[][] }[];
  const names = (summary?.data ?? []).map(([name]) => String(name));

  const weighted = 'Có trọng số theo các tầng của phương án chọn mẫu';
  expect(ways).toContain(weighted);
  expect(names.filter((name) => name.includes('Có trọng số'))).toEqual([`Cách tính chung: ${weighted}`]);
});

/** The sentences of a report in the cases there are: met, missed, not certain, too few people, with and without a round before. */
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../models/day.js';
import { closeRound } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { allGiving, storeResponses } from '../results/responses.js';
import { downloaded } from './downloaded.js';

let product: TestApp;
let office: TestAgent;

beforeAll(async () => {
  product = await startTestApp('2026-01-10');
  office = await officeAgent(product);
});
afterAll(dropDatabase);

/** The report of a round of one month, in which so many people gave every item one level; the round is closed then. */
async function reportOf(month: string, people: number, level: number, atLeast = 85): Promise<string> {
  const [opens, closes] = [`2026-${month}-01`, `2026-${month}-28`] as Day[] as [Day, Day];
  product.setToday(`2026-${month}-10`);
  const { round } = await openedRound(product, [unitRow('Q1', ['thcs'])], {
    ...{ label: `Đợt tháng ${month}`, opens, closes, surveys: ['parents-thcs'] },
    targets: [{ indicator: 'satisfaction-rate', atLeast, unit: '%' }],
  });
  const place = { round, unit: 'Q1', survey: 'parents-thcs', service: 'thcs' };
  await storeResponses(product.context, place, people, allGiving(level));
  const text = (await downloaded(office, round, 'bao-cao')).text();
  await closeRound(round, closes);
  return text.replaceAll('\u00a0', ' ');
}

describe('a report', () => {
  it('of a target that is met, without a round before', async () => {
    const text = await reportOf('01', 60, 5);
    expect(text).toContain('tỷ lệ hài lòng từ 85 % trở lên. Kết quả: 100,0 %');
    expect(text).toContain('Đạt chỉ tiêu: toàn bộ khoảng tin cậy nằm trong mức yêu cầu.');
    expect(text).toContain('Chưa có đợt khảo sát trước');
    expect(text).toContain('Không có tiêu chí nào vừa đi cùng mức hài lòng chung');
  });

  it('of a target that is missed, much lower than the round before', async () => {
    const text = await reportOf('03', 60, 2);
    expect(text).toContain('Chưa đạt chỉ tiêu: toàn bộ khoảng tin cậy nằm ngoài mức yêu cầu.');
    expect(text).toMatch(
      /So với Đợt tháng 01, tỷ lệ hài lòng tính gộp từ 100,0 % thành 0,0 %, giảm 100,0 điểm phần trăm/,
    );
    expect(text).toContain('0 đơn vị tăng, 1 đơn vị giảm');
  });

  it('of so few people that nothing is certain', async () => {
    const text = await reportOf('05', 6, 5);
    expect(text).toContain('Chưa đủ cơ sở kết luận đạt hay chưa đạt');
    expect(text).toContain('So với Đợt tháng 03');
  });

  it('of so few that their figures are hidden, with the reason and no number of theirs', async () => {
    const text = await reportOf('07', 3, 5);
    expect(text).toContain('nhận được 3 phiếu; số liệu chung không hiển thị vì có quá ít người trả lời');
    expect(text).toContain('“ẩn”: số liệu dựa trên ý kiến của dưới 5 người');
    expect(text).toContain('Không so sánh được tỷ lệ chung với Đợt tháng 05');
    expect(text).toContain('Chưa có số liệu để đánh giá.');
    // The round before had six people, so that its figures stand in the comparison.
    expect(text.slice(0, text.indexOf('III. So với'))).not.toMatch(/100,0 %|5,00/);
    expect(text.slice(text.indexOf('(Kèm theo Báo cáo'))).not.toMatch(/100,0 %|5,00/);
  });
});

/**
 * Who may go where: every route of the office, for every role. A route without an entry fails, and so does an entry
 * without a route.
 */
import type { Router } from 'express';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { officeRoutes } from '../../server/app.js';
import { dropDatabase } from '../database.js';
import { agentOf } from './testAccounts.js';
import { officeAgent, openedRound, startTestApp, type TestApp, unitRow } from './testApp.js';

/**
 * What a route is. `department`: the office, leaders if it only shows. `unit`: the same, and accounts of the unit and
 * of those above it. `paper`: the same, and who types paper forms for the unit. `account`: everybody logged in.
 */
type Kind = 'department' | 'unit' | 'paper' | 'account';

const ROUTES: Readonly<Record<string, Kind>> = {
  'GET /van-phong': 'department',
  'GET /van-phong/co-so/:unit': 'unit',
  'GET /van-phong/co-so/:unit/dot/:round/ap-phich': 'unit',
  'GET /van-phong/co-so/:unit/dot/:round/ma-moi': 'unit',
  'GET /van-phong/co-so/:unit/dot/:round/ma-moi/ma.csv': 'unit',
  'GET /van-phong/co-so/:unit/dot/:round/ma-moi/phieu': 'unit',
  'POST /van-phong/co-so/:unit/dot/:round/ma-moi/tao': 'unit',
  'POST /van-phong/co-so/:unit/dot/:round/ma-moi/thu-hoi': 'unit',
  'GET /van-phong/co-so/:unit/dot/:round/phieu-in': 'unit',
  'GET /van-phong/co-so/:unit/dot/:round/phieu-in/:print': 'unit',
  'POST /van-phong/co-so/:unit/dot/:round/phieu-in': 'unit',
  'GET /van-phong/co-so/:unit/dot/:round/thu-ngo': 'unit',
  'GET /van-phong/co-so/:unit/ket-qua/:round': 'unit',
  'GET /van-phong/co-so/:unit/ket-qua/:round/bang/:table': 'unit',
  'GET /van-phong/co-so/:unit/ket-qua/:round/csv': 'unit',
  'GET /van-phong/co-so/:unit/ket-qua/:round/hinh/:picture': 'unit',
  'GET /van-phong/co-so/:unit/ma-qr.png': 'unit',
  'GET /van-phong/co-so/:unit/ma-qr.svg': 'unit',
  'GET /van-phong/co-so/:unit/phieu-giay': 'paper',
  'GET /van-phong/co-so/:unit/phieu-giay/moi': 'paper',
  'POST /van-phong/co-so/:unit/phieu-giay/moi': 'paper',
  'GET /van-phong/co-so/:unit/phieu-giay/:batch': 'paper',
  'POST /van-phong/co-so/:unit/phieu-giay/:batch/chot': 'paper',
  'POST /van-phong/co-so/:unit/phieu-giay/:batch/huy': 'paper',
  'GET /van-phong/co-so/:unit/phieu-giay/:batch/nhap': 'paper',
  'POST /van-phong/co-so/:unit/phieu-giay/:batch/nhap': 'paper',
  'GET /van-phong/co-so/:unit/phieu-giay/:batch/so': 'paper',
  'GET /van-phong/co-so/:unit/phieu-giay/:batch/lan-hai': 'paper',
  'POST /van-phong/co-so/:unit/phieu-giay/:batch/lan-hai': 'paper',
  'GET /van-phong/co-so/:unit/phieu-giay/:batch/tep': 'paper',
  'POST /van-phong/co-so/:unit/phieu-giay/:batch/tep': 'paper',
  'GET /van-phong/co-so/:unit/phieu-giay/:batch/mau.xlsx': 'paper',
  'GET /van-phong/co-so/:unit/phieu-giay/:batch/mau.csv': 'paper',
  'GET /van-phong/co-so/:unit/phieu-giay/:batch/phieu/:number': 'paper',
  'POST /van-phong/co-so/:unit/phieu-giay/:batch/phieu/:number': 'paper',
  'POST /van-phong/co-so/:unit/phieu-giay/:batch/phieu/:number/bo': 'paper',
  'GET /van-phong/co-so/:unit/phieu-giay/:batch/doi-chieu/:number': 'paper',
  'POST /van-phong/co-so/:unit/phieu-giay/:batch/doi-chieu/:number': 'paper',
  'GET /van-phong/cua-toi': 'account',
  'GET /van-phong/cua-toi/xac-thuc': 'account',
  'POST /van-phong/cua-toi/dang-xuat-het': 'account',
  'POST /van-phong/cua-toi/mat-khau': 'account',
  'POST /van-phong/cua-toi/xac-thuc': 'account',
  'POST /van-phong/cua-toi/xac-thuc/ma': 'account',
  'POST /van-phong/cua-toi/xac-thuc/tat': 'account',
  'GET /van-phong/dich-vu': 'department',
  'GET /van-phong/dich-vu/danh-sach.csv': 'department',
  'GET /van-phong/dich-vu/danh-sach.xlsx': 'department',
  'GET /van-phong/dich-vu/ma/:service': 'department',
  'GET /van-phong/dich-vu/ma/:service/sua': 'department',
  'POST /van-phong/dich-vu/ma/:service/sua': 'department',
  'GET /van-phong/dich-vu/nhap': 'department',
  'POST /van-phong/dich-vu/nhap': 'department',
  'GET /van-phong/dich-vu/phien-ban': 'department',
  'POST /van-phong/dich-vu/phien-ban/:version/khoi-phuc': 'department',
  'GET /van-phong/dich-vu/them': 'department',
  'POST /van-phong/dich-vu/them': 'department',
  'GET /van-phong/don-vi': 'department',
  'GET /van-phong/don-vi/danh-sach.csv': 'department',
  'GET /van-phong/don-vi/danh-sach.xlsx': 'department',
  'GET /van-phong/don-vi/ma/:unit': 'department',
  'GET /van-phong/don-vi/ma/:unit/sua': 'department',
  'POST /van-phong/don-vi/ma/:unit/sua': 'department',
  'GET /van-phong/don-vi/nhap': 'department',
  'POST /van-phong/don-vi/nhap': 'department',
  'GET /van-phong/don-vi/sap-xep': 'department',
  'POST /van-phong/don-vi/sap-xep': 'department',
  'GET /van-phong/don-vi/them': 'department',
  'POST /van-phong/don-vi/them': 'department',
  'GET /van-phong/don-vi/thay-doi': 'department',
  'GET /van-phong/don-vi/thay-doi/:change': 'department',
  'POST /van-phong/don-vi/thay-doi/:change/hoan-tac': 'department',
  'GET /van-phong/dot-moi': 'department',
  'GET /van-phong/ke-hoach': 'department',
  'GET /van-phong/ke-hoach/:plan': 'department',
  'GET /van-phong/ke-hoach/:plan/noi-dung/:measure': 'department',
  'GET /van-phong/ke-hoach/:plan/sua': 'department',
  'GET /van-phong/ke-hoach/moi': 'department',
  'GET /van-phong/phieu': 'department',
  'GET /van-phong/phieu/:survey/:version': 'department',
  'GET /van-phong/phieu/:survey/:version/bieu-mau': 'department',
  'GET /van-phong/phieu/:survey/so-sanh': 'department',
  'POST /van-phong/ke-hoach/:plan/chua-xong': 'department',
  'POST /van-phong/ke-hoach/:plan/luu-tru': 'department',
  'POST /van-phong/ke-hoach/:plan/noi-dung/:measure': 'department',
  'POST /van-phong/ke-hoach/:plan/noi-dung/:measure/xoa': 'department',
  'POST /van-phong/ke-hoach/:plan/sua': 'department',
  'POST /van-phong/ke-hoach/:plan/xong': 'department',
  'POST /van-phong/ke-hoach/moi': 'department',
  'POST /van-phong/dot-moi': 'department',
  'GET /van-phong/dot/:round/bao-cao.docx': 'department',
  'GET /van-phong/dot/:round/ke-hoach.docx': 'department',
  'GET /van-phong/dot/:round/van-ban': 'department',
  'POST /van-phong/dot/:round/van-ban/:document': 'department',
  'GET /van-phong/dot/:round': 'department',
  'GET /van-phong/dot/:round/cong-bo': 'department',
  'GET /van-phong/dot/:round/cong-bo/xem-truoc': 'department',
  'POST /van-phong/dot/:round/cong-bo': 'department',
  'POST /van-phong/dot/:round/cong-bo/dinh-chinh': 'department',
  'POST /van-phong/dot/:round/cong-bo/giu-nguyen': 'department',
  'GET /van-phong/dot/:round/dau-hieu': 'department',
  'GET /van-phong/dot/:round/hinh/:picture': 'department',
  'GET /van-phong/dot/:round/bang/:table': 'department',
  'GET /van-phong/dot/:round/dich-vu/:service/:survey/hinh/:picture': 'department',
  'GET /van-phong/dot/:round/dich-vu/:service/:survey/bang/:table': 'department',
  'GET /van-phong/dot/:round/tieu-chi/:item/hinh/:picture': 'department',
  'GET /van-phong/dot/:round/tieu-chi/:item/bang/:table': 'department',
  'GET /van-phong/dot/:round/don-vi/hinh/:picture': 'department',
  'GET /van-phong/dot/:round/don-vi/bang/:table': 'department',
  'GET /van-phong/dot/:round/don-vi/:unit/hinh/:picture': 'department',
  'GET /van-phong/dot/:round/don-vi/:unit/bang/:table': 'department',
  'GET /van-phong/dot/:round/so-sanh/hinh/:picture': 'department',
  'GET /van-phong/dot/:round/so-sanh/bang/:table': 'department',
  'GET /van-phong/dot/:round/dau-hieu/bang/:table': 'department',
  'GET /van-phong/dot/:round/dich-vu/:service/:survey': 'department',
  'GET /van-phong/dot/:round/don-vi': 'department',
  'GET /van-phong/dot/:round/in': 'department',
  'GET /van-phong/dot/:round/in/lan-in': 'department',
  'GET /van-phong/dot/:round/in/lan-in/:run': 'department',
  'POST /van-phong/dot/:round/in/lan-in': 'department',
  'GET /van-phong/dot/:round/in/phieu/:run': 'department',
  'POST /van-phong/dot/:round/in/phieu': 'department',
  'GET /van-phong/dot/:round/ma-moi': 'department',
  'GET /van-phong/dot/:round/ma-moi/ma.csv': 'department',
  'GET /van-phong/dot/:round/ma-moi/phieu': 'department',
  'POST /van-phong/dot/:round/ma-moi/cach-tra-loi': 'department',
  'POST /van-phong/dot/:round/ma-moi/tao': 'department',
  'POST /van-phong/dot/:round/ma-moi/thu-hoi': 'department',
  'GET /van-phong/dot/:round/don-vi/:unit': 'department',
  'GET /van-phong/dot/:round/nhom': 'department',
  'GET /van-phong/dot/:round/nhom.csv': 'department',
  'GET /van-phong/dot/:round/nhom/bang/:table': 'department',
  'GET /van-phong/dot/:round/nhom/hinh/:picture': 'department',
  'GET /van-phong/dot/:round/so-sanh': 'department',
  'GET /van-phong/dot/:round/so-sanh.csv': 'department',
  'GET /van-phong/dot/:round/tieu-chi/:item': 'department',
  'GET /van-phong/dot/:round/tieu-chi.csv': 'department',
  'GET /van-phong/dot/:round/tien-do': 'department',
  'GET /van-phong/dot/:round/tien-do.csv': 'department',
  'GET /van-phong/dot/:round/tien-do.xlsx': 'department',
  'GET /van-phong/dot/:round/tien-do/nhac': 'department',
  'GET /van-phong/dot/:round/giai-thich.csv': 'department',
  'GET /van-phong/dot/:round/muc-do.csv': 'department',
  'GET /van-phong/dot/:round/phieu/:survey.csv': 'department',
  'GET /van-phong/dot/:round/tai-ve': 'department',
  'GET /van-phong/dot/:round/ty-le.csv': 'department',
  'GET /van-phong/dot/:round/ty-le.xlsx': 'department',
  'GET /van-phong/dot/:round/mau': 'department',
  'GET /van-phong/dot/:round/mau/chi-tieu.csv': 'department',
  'GET /van-phong/dot/:round/mau/chi-tieu.xlsx': 'department',
  'GET /van-phong/dot/:round/mau/nhap': 'department',
  'POST /van-phong/dot/:round/mau': 'department',
  'POST /van-phong/dot/:round/mau/bo': 'department',
  'POST /van-phong/dot/:round/mau/chi-tieu': 'department',
  'POST /van-phong/dot/:round/mau/nhap': 'department',
  'GET /van-phong/dot/:round/quan-ly': 'department',
  'GET /van-phong/dot/:round/sua': 'department',
  'POST /van-phong/dot/:round/dong': 'department',
  'POST /van-phong/dot/:round/gia-han': 'department',
  'POST /van-phong/dot/:round/mo': 'department',
  'POST /van-phong/dot/:round/mo-lai': 'department',
  'POST /van-phong/dot/:round/sua': 'department',
  'POST /van-phong/dot/:round/xoa': 'department',
  'GET /van-phong/tai-khoan': 'department',
  'GET /van-phong/tai-khoan-loat': 'department',
  'POST /van-phong/tai-khoan-loat': 'department',
  'GET /van-phong/tai-khoan-moi': 'department',
  'POST /van-phong/tai-khoan-moi': 'department',
  'GET /van-phong/tai-khoan/:name': 'department',
  'POST /van-phong/tai-khoan/:name': 'department',
  'POST /van-phong/tai-khoan/:name/bo-xac-thuc': 'department',
  'POST /van-phong/tai-khoan/:name/ket-thuc': 'department',
  'POST /van-phong/tai-khoan/:name/khoa': 'department',
  'POST /van-phong/tai-khoan/:name/mo-khoa': 'department',
  'POST /van-phong/tai-khoan/:name/moi-lai': 'department',
  'GET /van-phong/viec': 'account',
  'GET /van-phong/viec/:job': 'account',
  'POST /van-phong/viec/:job/lai': 'account',
  'GET /van-phong/nhat-ky': 'department',
  'GET /van-phong/nhat-ky.csv': 'department',
  'GET /van-phong/nhat-ky/kiem-tra': 'department',
};

/** Routes that have somebody else's unit in their address say so by answering 404 for it. */
const OWN = 'XA1';
const BELOW = 'Q1';
const ELSEWHERE = 'Q2';

let product: TestApp;
let round: string;
let agents: Readonly<Record<'office' | 'leader' | 'unit' | 'entry', TestAgent>>;

beforeAll(async () => {
  product = await startTestApp();
  ({ round } = await openedRound(product, [
    unitRow('SO', []),
    { ...unitRow(OWN, []), parent: 'SO' },
    { ...unitRow('XA2', []), parent: 'SO' },
    { ...unitRow(BELOW, ['thcs']), parent: OWN },
    { ...unitRow(ELSEWHERE, ['thcs']), parent: 'XA2' },
  ]));
  agents = {
    office: await officeAgent(product),
    leader: await agentOf(product, 'leader'),
    unit: await agentOf(product, 'unit', OWN),
    entry: await agentOf(product, 'entry', BELOW),
  };
});
afterAll(dropDatabase);

describe('every route of the office', () => {
  it('says who it is for', () => {
    expect(behindLogin().sort()).toEqual(Object.keys(ROUTES).sort());
  });

  it.each(Object.entries(ROUTES))('%s is for: %s', async (route, kind) => {
    const [method = '', path = ''] = route.split(' ');
    const shows = method === 'GET';
    // What changes something is asked with an empty form: whoever may, is told what is missing, or goes on.
    const status = async (agent: TestAgent, unit: string) => {
      const address = path.replace(':round', round).replace(':unit', unit).replace(/:\w+/g, 'khong-co');
      return (shows ? await agent.get(address) : await agent.post(address).type('form').send({})).status;
    };
    const outside = path.includes(':unit') ? [ELSEWHERE, 'XA2', 'SO', 'khong-co'] : [BELOW];

    for (const unit of kind === 'account' ? [] : outside) {
      const home = path === '/van-phong' ? 303 : 404;
      expect(await status(agents.unit, unit)).toBe(home);
      expect(await status(agents.entry, unit)).toBe(home);
    }
    if (kind === 'unit') expect(await status(agents.entry, BELOW)).toBe(404);
    if (kind === 'unit' || kind === 'paper') {
      expect(await status(agents.unit, BELOW)).toBeLessThan(500);
      if (shows && !path.includes(':unit/')) expect(await status(agents.unit, BELOW)).toBe(200);
    }
    if (!shows) {
      if (kind !== 'account') expect(await status(agents.leader, BELOW)).toBe(403);
      return;
    }
    expect(await status(agents.leader, BELOW)).not.toBe(403);
    const office = await status(agents.office, BELOW);
    expect(office).toBeLessThan(500);
    expect(await status(agents.leader, BELOW)).toBe(office);
  });
});

/** `GET /van-phong/…` for every route behind the log-in page. */
function behindLogin(): string[] {
  const { everyAccount, units, department } = officeRoutes(product.context);
  return [everyAccount, units, department].flat().flatMap(addressesOf);
}

function addressesOf(routes: Router): string[] {
  return routes.stack.flatMap(({ route }) =>
    route ? [...new Set(route.stack.map(({ method }) => `${method.toUpperCase()} ${route.path}`))] : [],
  );
}

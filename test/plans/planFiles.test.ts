import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Plan, PlanFileError, proposedRounds, readPlans } from '../../server/plans/planFiles.js';

const plans = readPlans('server/plans/files');

function planCalled(id: string): Plan {
  const plan = plans.get(id);
  if (!plan) throw new Error(`no plan ${id}`);
  return plan;
}

const dakLak = planCalled('dak-lak-2021');
const quangNgai = planCalled('quang-ngai-2022');
const baRia = planCalled('ba-ria-vung-tau-2021-2025');

describe('a plan file that cannot be used is refused', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'plans-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (content: unknown, file = 'dak-lak-2021.json') =>
    writeFileSync(path.join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));

  /** A copy of the Đắk Lắk plan with something changed. */
  const changed = (change: (plan: Plan) => unknown) => {
    const plan = structuredClone(dakLak);
    change(plan);
    return plan;
  };

  const cases: [string, unknown, string][] = [
    ['text that is not JSON', '{', 'dak-lak-2021.json: not JSON: '],
    ['a list', [], 'dak-lak-2021.json: file: '],
    [
      'a key that plans do not have',
      changed((plan) => Object.assign(plan, { months: [3, 4] })),
      'dak-lak-2021.json: file: Unrecognized key: "months"',
    ],
    [
      'another id than the file has',
      changed((plan) => Object.assign(plan, { id: 'dak-nong-2021' })),
      "dak-lak-2021.json: id: must be the file's name",
    ],
    [
      'a day that no calendar has',
      changed((plan) => Object.assign(plan.measures[0]?.rounds[0] ?? {}, { closes: '2021-04-31' })),
      'dak-lak-2021.json: measures.0.rounds.0.closes: must be a day of the calendar as YYYY-MM-DD',
    ],
    [
      'a round that closes before it opens',
      changed((plan) => Object.assign(plan.measures[0]?.rounds[1] ?? {}, { closes: '2021-09-30' })),
      'dak-lak-2021.json: measures.0.rounds.1.closes: must not be before opens',
    ],
    [
      'a target without a bound',
      changed((plan) => delete plan.measures[1]?.targets[0]?.atLeast),
      'dak-lak-2021.json: measures.1.targets.0: must have exactly one of atLeast, moreThan, atMost',
    ],
    [
      'a target with two bounds',
      changed((plan) => Object.assign(plan.measures[1]?.targets[0] ?? {}, { atMost: 90 })),
      'dak-lak-2021.json: measures.1.targets.0: must have exactly one of atLeast, moreThan, atMost',
    ],
    [
      'a product due at no known time',
      changed((plan) => Object.assign(plan.measures[0]?.products?.[0] ?? {}, { due: 'tháng 3' })),
      'dak-lak-2021.json: measures.0.products.0.due: must be a day as YYYY-MM-DD or a quarter as YYYY-Q1',
    ],
  ];
  it.each(cases)('%s', (_what, content, message) => {
    write(content);
    expect(() => readPlans(folder)).toThrow(PlanFileError);
    expect(() => readPlans(folder)).toThrow(message);
  });

  it('and every mistake of every file is named at once', () => {
    write('{');
    write({ ...quangNgai, department: '', measures: [] }, 'quang-ngai-2022.json');
    expect(() => readPlans(folder)).toThrow(
      /^dak-lak-2021\.json: not JSON.*\nquang-ngai-2022\.json: department: .*\nquang-ngai-2022\.json: measures: /,
    );
  });
});

describe('the plans of five departments are on file', () => {
  it('with who leads and whom the survey concerns', () => {
    const led = [...plans.values()].map((plan) => [
      plan.id,
      plan.measures.map(({ subject, lead }) => `${subject}: ${lead}`),
    ]);
    expect(led).toEqual([
      ['ba-ria-vung-tau-2021-2025', ['education: Văn phòng Sở', 'procedure: Văn phòng Sở']],
      ['dak-lak-2021', ['education: Văn phòng Sở', 'procedure: Văn phòng Sở']],
      ['quang-ngai-2022', ['education: Văn phòng Sở', 'procedure: Văn phòng Sở']],
      ['soc-trang-2021', ['education: Phòng Tổ chức cán bộ', 'procedure: Văn phòng']],
      ['son-la-2021', ['procedure: Văn phòng Sở']],
    ]);
  });

  it('with the targets they set', () => {
    const targets = [...plans.values()].flatMap((plan) =>
      plan.measures.flatMap((measure) =>
        measure.targets.map((target) => {
          const bound = Object.entries(target).find(([key]) =>
            ['atLeast', 'moreThan', 'atMost'].includes(key),
          );
          return [plan.id, target.indicator, bound?.join(' '), target.unit, target.by].join(' | ');
        }),
      ),
    );
    expect(targets).toEqual([
      'ba-ria-vung-tau-2021-2025 | satisfaction-rate | atLeast 85 | % | 2025',
      'ba-ria-vung-tau-2021-2025 | satisfaction-rate | atLeast 85 | % | 2023',
      'ba-ria-vung-tau-2021-2025 | satisfaction-rate | atLeast 90 | % | 2025',
      'ba-ria-vung-tau-2021-2025 | hồ sơ đúng hạn | atLeast 98 | % | 2025',
      'dak-lak-2021 | TTHC trực tuyến mức độ 3, 4 | atLeast 60 | % | ',
      'dak-lak-2021 | TTHC qua một cửa, một cửa liên thông | atLeast 100 | % | ',
      'soc-trang-2021 | satisfaction-rate | moreThan 90 | % | ',
      'soc-trang-2021 | hồ sơ đúng hạn | atLeast 95 | % | ',
      'soc-trang-2021 | hồ sơ trực tuyến mức độ 3 | atLeast 40 | % | ',
      'soc-trang-2021 | hồ sơ trực tuyến mức độ 4 | atLeast 30 | % | ',
      'son-la-2021 | hồ sơ trực tuyến mức độ 3, 4 | atLeast 40 | % | ',
      'son-la-2021 | số lần yêu cầu bổ sung hồ sơ | atMost 1 | lần | ',
      'son-la-2021 | trễ hẹn | atMost 0 | hồ sơ | ',
    ]);
  });

  it('with the six remedies of Sơn La and their period', () => {
    const sonLa = planCalled('son-la-2021');
    expect(sonLa.remedialActions).toHaveLength(6);
    expect(sonLa.period).toEqual({ from: '2021-11-01', to: '2021-12-31' });
  });

  it('with the days on which Sóc Trăng reports', () => {
    expect(planCalled('soc-trang-2021').periodicReports?.map(({ due }) => due)).toEqual([
      '2021-02-27',
      '2021-05-28',
      '2021-08-27',
      '2021-11-17',
    ]);
  });
});

describe('the rounds a plan proposes for a year', () => {
  const times = (rounds: ReturnType<typeof proposedRounds>) =>
    rounds.map(({ subject, ordinal, numbering, opens, closes }) => [
      subject,
      ordinal,
      numbering,
      opens,
      closes,
    ]);

  it('are numbered by calendar year: Đợt 1 in March and April, Đợt 2 in October and November', () => {
    expect(times(proposedRounds(dakLak, 2026)).slice(0, 2)).toEqual([
      ['education', 1, 'calendar-year', '2026-03-01', '2026-04-30'],
      ['education', 2, 'calendar-year', '2026-10-01', '2026-11-30'],
    ]);
  });

  it('or by school year: Đợt 1 in October and November, Đợt 2 in March and April of the next year', () => {
    expect(times(proposedRounds(dakLak, 2026, 'school-year')).slice(0, 2)).toEqual([
      ['education', 1, 'school-year', '2026-10-01', '2026-11-30'],
      ['education', 2, 'school-year', '2027-03-01', '2027-04-30'],
    ]);
  });

  it('keep the only numbering a plan has, whichever is wanted', () => {
    const { alternativeRounds: _none, ...measure } = structuredClone(dakLak)
      .measures[0] as Plan['measures'][0];
    const plan = { ...dakLak, measures: [measure] };
    expect(proposedRounds(plan, 2026, 'school-year')).toEqual(proposedRounds(plan, 2026));
  });

  it('run from 1 January to 31 December where the plan measures all year', () => {
    for (const plan of [quangNgai, baRia])
      expect(proposedRounds(plan, 2026)[1]).toMatchObject({
        subject: 'procedure',
        ordinal: null,
        numbering: null,
        opens: '2026-01-01',
        closes: '2026-12-31',
        continuous: true,
      });
  });

  it('have no dates where the plan fixes no month', () => {
    expect(proposedRounds(quangNgai, 2026)[0]).toEqual({
      subject: 'education',
      ordinal: null,
      numbering: null,
      opens: null,
      closes: null,
      continuous: false,
      lead: 'Văn phòng Sở',
      coordinating: ['Các phòng thuộc Sở', 'Các đơn vị trực thuộc', 'Tổ chức, cá nhân có liên quan'],
      targets: [],
      source: 'Kế hoạch CCHC năm 2022, ban hành 10/02/2022',
    });
  });

  it('carry the target to be reached next where the plan raises it over the years', () => {
    const ratesIn = (year: number) =>
      proposedRounds(baRia, year)[1]
        ?.targets.filter(({ indicator }) => indicator === 'satisfaction-rate')
        .map(({ atLeast }) => atLeast);
    expect([2021, 2023, 2024, 2025, 2026].map(ratesIn)).toEqual([[85], [85], [90], [90], [90]]);
  });

  it.each([
    ['2021-02-01', '2021-02-28', 2024, '2024-02-01', '2024-02-29'],
    ['2024-02-01', '2024-02-29', 2026, '2026-02-01', '2026-02-28'],
    ['2023-02-10', '2023-02-28', 2100, '2100-02-10', '2100-02-28'],
    ['2021-12-15', '2022-01-31', 2027, '2027-12-15', '2028-01-31'],
    ['2021-04-15', '2021-04-29', 2024, '2024-04-15', '2024-04-29'],
  ])('end on the last day of the month if the plan’s do: %s to %s in %i', (opens, closes, year, from, to) => {
    const plan = structuredClone(dakLak);
    plan.measures[0]?.rounds.splice(1);
    Object.assign(plan.measures[0]?.rounds[0] ?? {}, { opens, closes });
    expect(proposedRounds(plan, year)[0]).toMatchObject({ opens: from, closes: to });
  });

  it('come from every measure of every plan', () => {
    for (const plan of plans.values()) {
      const subjects = new Set(proposedRounds(plan, 2026).map(({ subject }) => subject));
      expect([...subjects]).toEqual(plan.measures.map(({ subject }) => subject));
    }
  });
});

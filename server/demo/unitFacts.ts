/**
 * What the list of real units does not say of them. The commune is that of a school whose name names one; enrolment and
 * area class are made up, plausible for its levels and the part of the province, the same on every start.
 */
import { createHash } from 'node:crypto';
import type { UnitRow } from '../../models/units.js';

/** Communes, wards and the special zone of Quảng Ngãi since July 2025 that schools of the list are named after. */
const COMMUNES = [
  'Xã Bình Sơn',
  'Xã Vạn Tường',
  'Xã Ba Gia',
  'Xã Nghĩa Hành',
  'Xã Tư Nghĩa',
  'Xã Mộ Đức',
  'Xã Ba Tơ',
  'Xã Sơn Hà',
  'Xã Trà Bồng',
  'Xã Tây Trà',
  'Xã Minh Long',
  'Xã Đăk Hà',
  'Xã Đăk Tô',
  'Xã Đăk Rve',
  'Xã Tu Mơ Rông',
  'Xã Măng Đen',
  'Xã Kon Plông',
  'Xã Sa Thầy',
  'Xã Ia Tơi',
  'Phường Đức Phổ',
  'Phường Kon Tum',
  'Đặc khu Lý Sơn',
] as const;

/** In the list of schools the mountains are Kon Tum's, and these of Quảng Ngãi's. */
const MOUNTAINS = /^KT|^QN(?:027|028|029|030|031|032|033|034|035|036|042)$/;
const ISLAND = /Lý Sơn/;
const TOWNS = /(?:chuyên|tỉnh Quảng Ngãi|Lê Trung Đình|Đức Phổ|Kon Tum|THSP|Duy Tân|Ngô Mây|tư thục)/;

/** Fewest and most learners of schools, by their highest level. */
const SIZES: Readonly<Record<string, readonly [number, number]>> = {
  'mam-non': [180, 340],
  'tieu-hoc': [350, 700],
  thcs: [320, 620],
  thpt: [520, 1340],
  gdtx: [140, 460],
  'hoa-nhap': [60, 110],
};

/** The units with their communes, and what is made up of them. */
export function withDemoFacts(units: readonly UnitRow[]): UnitRow[] {
  const [department] = units;
  const placed = units.map((unit) => {
    const commune = unit.levels.length > 0 ? COMMUNES.find((name) => isIn(unit.name, name)) : undefined;
    return { ...unit, ...madeUp(unit), parent: commune ? codeOf(commune) : unit.parent };
  });
  const named = new Set(placed.map(({ parent }) => parent));
  const communes = COMMUNES.filter((name) => named.has(codeOf(name))).map(
    (name): UnitRow => ({
      _id: codeOf(name),
      name,
      levels: [],
      parent: department?._id ?? null,
      enrolment: null,
      area: null,
    }),
  );
  return [...placed, ...communes];
}

/** Whether a school is named after a commune. Ngụy Như Kon Tum was a man. */
function isIn(school: string, commune: string): boolean {
  return (
    !school.endsWith(' Ngụy Như Kon Tum') &&
    school.endsWith(` ${commune.replace(/^(?:Xã|Phường|Đặc khu) /, '')}`)
  );
}

/** `Xã Bình Sơn` as `XA-BINH-SON`. */
function codeOf(commune: string): string {
  const plain = commune.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('Đ', 'D').replaceAll('đ', 'd');
  return plain.toUpperCase().replaceAll(' ', '-');
}

function madeUp({ _id, name, levels }: UnitRow): Pick<UnitRow, 'enrolment' | 'area'> {
  const [fewest, most] = SIZES[levels.at(-1) ?? ''] ?? [0, 0];
  if (most === 0) return { enrolment: null, area: null };
  const isSmall = /PTDTNT|tư thục/.test(name) || ISLAND.test(name);
  const share = createHash('sha256').update(_id).digest().readUInt16BE() / 65_536;
  const enrolment = Math.round((fewest + share * (most - fewest)) * (isSmall ? 0.45 : 1));
  return { enrolment, area: areaOf(_id, name) };
}

function areaOf(code: string, name: string): string {
  if (ISLAND.test(name)) return 'Hải đảo';
  if (TOWNS.test(name)) return 'Thành thị';
  return MOUNTAINS.test(code) ? 'Miền núi' : 'Đồng bằng';
}

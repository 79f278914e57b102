/** What kind of unit a unit is. */

export const UNIT_KINDS = [
  'department',
  'room',
  'desk',
  'district',
  'commune',
  'school',
  'site',
  'centre',
] as const;

/**
 * `department`: a Sở. `room`: an office or division of it. `desk`: a one-stop desk. `district`: a Phòng GDĐT of before
 * July 2025. `commune`: a commune or ward. `school`; `site`: a school's further site (điểm trường); `centre`: a
 * centre, of continuing education for one.
 */
export type UnitKind = (typeof UNIT_KINDS)[number];

/** How names of each kind begin, the more telling first. */
const BEGINNINGS: readonly [UnitKind, RegExp][] = [
  ['desk', /^(?:Bộ phận (?:Một cửa|tiếp nhận)|Trung tâm Phục vụ hành chính công)/iu],
  ['commune', /^(?:UBND |Ủy ban nhân dân )?(?:xã|phường|thị trấn|đặc khu) /iu],
  [
    'district',
    /^(?:Phòng (?:GDĐT|GD&ĐT|GD-ĐT|Giáo dục)|(?:UBND |Ủy ban nhân dân )?(?:huyện|quận|thị xã|thành phố) )/iu,
  ],
  ['site', /^(?:Điểm trường|Điểm lẻ|Cơ sở \d)/iu],
  ['centre', /^Trung tâm /iu],
  ['school', /^Trường /iu],
  ['department', /^Sở /iu],
];

/** The kind of a unit of which nobody has said it: by its levels and how its name begins. */
export function likelyKind({
  name,
  levels,
  parent,
}: {
  name: string;
  levels: readonly string[];
  parent: string | null;
}): UnitKind {
  const [kind] = BEGINNINGS.find(([, beginning]) => beginning.test(name)) ?? [];
  if (levels.length > 0) return kind === 'site' || kind === 'centre' ? kind : 'school';
  return kind ?? (parent === null ? 'department' : 'room');
}

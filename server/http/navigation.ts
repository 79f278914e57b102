/** Where a unit's pages are, and the pages that every page of the office links to, by who is logged in. */
import type { SignedIn } from './session.js';

/** Where one unit's own pages are: `/van-phong/co-so/:unit`. */
export const UNIT_PAGES = '/van-phong/co-so';

/** Below a unit's pages, where paper forms are typed in. */
export const PAPER_PAGES = 'phieu-giay';

/** An entry of the navigation; `key` names its text. */
interface NavigationEntry {
  readonly href: string;
  readonly key: string;
}

const DEPARTMENT: readonly NavigationEntry[] = [
  { href: '/van-phong', key: 'page.nav.rounds' },
  { href: '/van-phong/ke-hoach', key: 'page.nav.plans' },
  { href: '/van-phong/don-vi', key: 'page.nav.units' },
  { href: '/van-phong/dich-vu', key: 'page.nav.services' },
  { href: '/van-phong/tai-khoan', key: 'page.nav.accounts' },
  { href: '/van-phong/nhat-ky', key: 'page.nav.audit' },
];

/** What an account finds at the head of each page. */
export function navigationOf({ role, unit }: SignedIn): readonly NavigationEntry[] {
  const own = `${UNIT_PAGES}/${unit}`;
  const paper = { href: `${own}/${PAPER_PAGES}`, key: 'page.nav.paper' };
  if (role === 'unit') return [{ href: own, key: 'page.nav.own-unit' }, paper];
  if (role === 'entry') return [paper];
  return DEPARTMENT;
}

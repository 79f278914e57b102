/**
 * The catalogue as the department keeps it. Readers have it as a map that is always there (`context.services`); here
 * that map is filled from the database: at the start, after a change, and every few seconds where another process may
 * have made one.
 */
import {
  addCatalogue,
  type CatalogueDeed,
  type CatalogueVersion,
  catalogueAfter,
  type Service,
} from '../../models/serviceCatalogues.js';
import type { Context } from '../context.js';
import { Problem } from '../http/problem.js';
import type { ServiceCatalogue } from './catalogue.js';
import { serviceChanges } from './serviceImport.js';

/** How often a process looks whether another has changed the catalogue. */
const LOOK_MS = 5_000;

/** The version that each process's map holds; none where it holds what comes with the product. */
const heldVersions = new WeakMap<ServiceCatalogue, number>();

/** Brings the map up to date. @returns the number of the version that it holds now; 0 where nothing was ever changed */
export async function refreshServices({ services }: Pick<Context, 'services'>): Promise<number> {
  const held = heldVersions.get(services) ?? 0;
  const later = await catalogueAfter(held);
  if (later) hold(services, later);
  return later?._id ?? held;
}

function hold(services: ServiceCatalogue, { _id, services: kept }: CatalogueVersion): void {
  const map = services as Map<string, Service>;
  map.clear();
  for (const service of kept) map.set(service.code, service);
  heldVersions.set(services, _id);
}

/** At the start of a server: fills the map, and begins the catalogue of an empty database. */
export async function beginServices(context: Context): Promise<void> {
  if ((await refreshServices(context)) > 0) return;
  const services = [...context.services.values()];
  // Where another process was quicker, its catalogue is the same.
  await addCatalogue({
    _id: 1,
    at: new Date(),
    account: 'system',
    deed: 'first',
    added: services.length,
    changed: 0,
    services,
  });
  await refreshServices(context);
}

/** Keeps the map up to date while a server runs. @returns what stops it */
export function keepServices(context: Context): () => void {
  const timer = setInterval(() => {
    refreshServices(context).catch((error) => context.log.warn({ err: error }, 'services-not-read'));
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Puts a catalogue in the place of the present one.
 * @param version the one that was seen when the change was worked out
 * @throws {Problem} 409 `services-changed` where it has changed since
 */
export async function changeServices(
  context: Context,
  version: number,
  { account, deed }: { account: string; deed: CatalogueDeed },
  services: readonly Service[],
): Promise<void> {
  if (version === 0) await beginServices(context);
  const seen = Math.max(version, 1);
  const { added, changed } = serviceChanges([...context.services.values()], services);
  const stored = await addCatalogue({
    _id: seen + 1,
    at: new Date(),
    account,
    deed,
    added: added.length,
    changed: changed.length,
    services: [...services],
  });
  await refreshServices(context);
  if (!stored) throw new Problem(409, 'services-changed');
}

/** Whether a service is in force on some day of a period. */
export function inForce(
  { since, until }: Pick<Service, 'since' | 'until'>,
  { opens, closes }: { readonly opens: string; readonly closes: string },
): boolean {
  return (!since || since <= closes) && (!until || opens <= until);
}

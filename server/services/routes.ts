/**
 * The services: what can be rated, which units offer what, and the catalogue as a list.
 *
 *   GET  /van-phong/dich-vu                       200 (?tim=…&het-hieu-luc=1)
 *   GET  /van-phong/dich-vu/danh-sach.csv         200 the catalogue, in the form in which lists are read
 *   GET  /van-phong/dich-vu/danh-sach.xlsx        200
 *   GET  /van-phong/dich-vu/phien-ban             200 the versions of the catalogue
 *   POST /van-phong/dich-vu/phien-ban/:version/khoi-phuc   303 brought back · 404 · 409 changed since
 *   GET  /van-phong/dich-vu/them                  200 the form of a new service
 *   POST /van-phong/dich-vu/them                  303 · 409 · 422 the form again
 *   GET  /van-phong/dich-vu/ma/:service           200 one service and who offers it · 404
 *   GET  /van-phong/dich-vu/ma/:service/sua       200 the form · 404
 *   POST /van-phong/dich-vu/ma/:service/sua       303 · 404 · 409 · 422
 */
import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import { param } from 'express-validator';
import { audited, recordAudit } from '../../models/auditEntries.js';
import {
  ADMINISTRATIONS,
  catalogueVersion,
  latestCatalogues,
  type Service,
} from '../../models/serviceCatalogues.js';
import { allUnits } from '../../models/units.js';
import type { Context } from '../context.js';
import { type FormBody, formBody } from '../http/body.js';
import { checked } from '../http/checked.js';
import { queryText, seeOther } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { searchable } from '../http/searchable.js';
import { accountName } from '../http/session.js';
import { writeCsv, writeXlsx } from '../lists/writeList.js';
import { changeServices, inForce, refreshServices } from './keptServices.js';
import { offersOf, unitsOffering } from './offers.js';
import { SERVICE_COLUMNS, serviceCells, serviceImportOf } from './serviceImport.js';

const COLUMNS: readonly string[] = [...SERVICE_COLUMNS.required, ...SERVICE_COLUMNS.optional];
const MOST_SHOWN = 50;

/** Routes of the services; for the department. */
export function serviceRoutes(context: Context): Router {
  const routes = Router();
  const servicesNow = async () => {
    const version = await refreshServices(context);
    return { version, services: [...context.services.values()] };
  };
  const list = async () => ({ columns: COLUMNS, rows: (await servicesNow()).services.map(serviceCells) });

  routes.get('/van-phong/dich-vu', async (request, response) => {
    const { services } = await servicesNow();
    const today = context.today();
    const words = searchable(queryText(request, 'tim') ?? '')
      .split(' ')
      .filter(Boolean);
    const ended = queryText(request, 'het-hieu-luc') === '1';
    const isInForce = (service: Service) => inForce(service, { opens: today, closes: today });
    const shown = services.filter((service) => {
      if (!ended && service.until && service.until < today) return false;
      const text = searchable(
        [service.code, ...Object.values(service.name), service.field?.vi ?? ''].join(' '),
      );
      return words.every((word) => text.includes(word));
    });
    response.render('services/list', {
      education: shown.filter(({ kind }) => kind === 'education'),
      fields: byField(shown.filter(({ kind }) => kind === 'procedure')),
      found: shown.length,
      anyEnded: services.some(({ until }) => until && until < today),
      offers: offersOf(services, await allUnits(), today),
      isInForce,
      words: queryText(request, 'tim') ?? '',
      ended,
    });
  });

  routes.get('/van-phong/dich-vu/danh-sach.csv', async (_request, response) => {
    await noteExport(response, 'csv');
    response.attachment('dich-vu.csv').type('csv');
    await pipeline(writeCsv(await list()), response);
  });

  routes.get('/van-phong/dich-vu/danh-sach.xlsx', async (_request, response) => {
    await noteExport(response, 'xlsx');
    response.attachment('dich-vu.xlsx').send(await writeXlsx(await list(), 'Dich vu'));
  });

  routes.get('/van-phong/dich-vu/phien-ban', async (_request, response) => {
    response.render('services/versions', { versions: await latestCatalogues(MOST_SHOWN) });
  });

  const isNumber = checked(404, param('version').isInt({ min: 1, max: 1e9 }));
  routes.post('/van-phong/dich-vu/phien-ban/:version/khoi-phuc', isNumber, async (request, response) => {
    const wanted = await catalogueVersion(Number(request.params.version));
    if (!wanted) throw new Problem(404, 'not-found');
    const { version, services } = await servicesNow();
    // A service that rounds may have used is never taken out of the catalogue: one added since ends up out of force.
    const kept = new Set(wanted.services.map(({ code }) => code));
    const added = services
      .filter(({ code }) => !kept.has(code))
      .map((service): Service => ({ ...service, until: service.until ?? context.today() }));
    const account = accountName(response);
    await audited(
      { account, action: 'services-restored', subject: 'services', details: { version: wanted._id } },
      () => changeServices(context, version, { account, deed: 'restore' }, [...wanted.services, ...added]),
    );
    seeOther(response, '/van-phong/dich-vu/phien-ban');
  });

  routes.get('/van-phong/dich-vu/them', async (_request, response) => {
    showForm(response, null, {});
  });

  routes.post('/van-phong/dich-vu/them', formBody, (request, response) => store(request, response, null));

  routes.get('/van-phong/dich-vu/ma/:service', async (request, response) => {
    const service = serviceAmong((await servicesNow()).services, request);
    const today = context.today();
    response.render('services/service', {
      service,
      services: context.services,
      units: unitsOffering(service, await allUnits(), today),
      isInForce: inForce(service, { opens: today, closes: today }),
    });
  });

  routes.get('/van-phong/dich-vu/ma/:service/sua', async (request, response) => {
    const service = serviceAmong((await servicesNow()).services, request);
    const cells = serviceCells(service);
    showForm(
      response,
      service,
      Object.fromEntries(COLUMNS.map((column, index) => [column, cells[index] ?? ''])),
    );
  });

  routes.post('/van-phong/dich-vu/ma/:service/sua', formBody, async (request, response) => {
    await store(request, response, serviceAmong((await servicesNow()).services, request));
  });

  return routes;

  /** Stores the form of a service; null for a new one. */
  async function store(request: Request, response: Response, service: Service | null): Promise<void> {
    const { version, services } = await servicesNow();
    const form = request.body as FormBody;
    const entered = Object.fromEntries(
      COLUMNS.map((column) => [column, ([form[column] ?? ''].flat()[0] ?? '').slice(0, 2000)]),
    );
    if (service) entered.code = service.code;
    const lines = [COLUMNS, COLUMNS.map((column) => entered[column] ?? '')];
    const result = serviceImportOf(
      { lines: lines.map((cells, index) => ({ line: index + 1, cells: [...cells] })), problems: [] },
      services,
    );
    const mistakes = result.problems.map(({ column, key, parameters }) => ({
      field: column ?? 'code',
      key,
      parameters,
    }));
    const code = entered.code?.trim() ?? '';
    if (!service && services.some((one) => one.code === code))
      mistakes.unshift({ field: 'code', key: 'services.form.code-taken', parameters: { code } });
    if (mistakes.length > 0) {
      response.status(422);
      return showForm(response, service, entered, mistakes);
    }
    const account = accountName(response);
    if (result.added.length + result.changed.length > 0)
      await audited({ account, action: 'service-edited', subject: code, details: {} }, () =>
        changeServices(context, version, { account, deed: 'edit' }, result.services),
      );
    seeOther(response, '/van-phong/dich-vu');
  }
}

/** Procedures by their field, fields and procedures in the order of the catalogue. */
function byField(procedures: readonly Service[]): { field: Service['field']; services: Service[] }[] {
  const fields = new Map<string, { field: Service['field']; services: Service[] }>();
  for (const service of procedures) {
    const name = service.field?.vi ?? '';
    const known = fields.get(name);
    if (known) known.services.push(service);
    else fields.set(name, { field: service.field, services: [service] });
  }
  return [...fields.values()];
}

function serviceAmong(services: readonly Service[], request: Request): Service {
  const service = services.find(({ code }) => code === request.params.service);
  if (!service) throw new Problem(404, 'not-found');
  return service;
}

function showForm(
  response: Response,
  service: Service | null,
  entered: Readonly<Record<string, string>>,
  mistakes: readonly {
    field: string;
    key: string;
    parameters: Readonly<Record<string, string | number>>;
  }[] = [],
): void {
  response.render('services/form', { service, entered, mistakes, administrations: ADMINISTRATIONS });
}

function noteExport(response: Response, form: string): Promise<void> {
  return recordAudit({
    account: accountName(response),
    action: 'services-exported',
    subject: 'services',
    details: { form },
  });
}

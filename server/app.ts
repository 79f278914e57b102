/** The whole request path on one screen. */
import type { RequestListener } from 'node:http';
import compression from 'compression';
import express, { type Router } from 'express';
import { changesToRounds } from '../models/rounds.js';
import { changesToUnits } from '../models/units.js';
import { departmentOnly, homeOfRole, withinUnit } from './accounts/access.js';
import { batchAccountRoutes } from './accounts/batchRoutes.js';
import { invitationRoutes } from './accounts/invitationRoutes.js';
import { logInAgain } from './accounts/logInAgain.js';
import { manageAccountRoutes } from './accounts/manageRoutes.js';
import { ownAccountRoutes } from './accounts/ownRoutes.js';
import { accountRoutes } from './accounts/routes.js';
import { secondFactorFirst, secondFactorRoutes } from './accounts/secondFactorRoutes.js';
import { auditRoutes } from './audit/routes.js';
import type { Context } from './context.js';
import { isDatabaseUp } from './database/connection.js';
import { codesJob, withdrawJob } from './distribute/codesJob.js';
import { codesRoutes } from './distribute/codesRoutes.js';
import { paperRoutes } from './distribute/paperRoutes.js';
import { printRoutes } from './distribute/printRoutes.js';
import { printRuns } from './distribute/printRuns.js';
import { unitPageRoutes } from './distribute/routes.js';
import { formsJob, lettersJob, postersJob } from './distribute/runJobs.js';
import { unitCodesRoutes } from './distribute/unitCodesRoutes.js';
import { documentRoutes } from './documents/routes.js';
import { resultFileRoutes } from './exports/fileRoutes.js';
import { assetRoutes } from './http/assets.js';
import { emblemRoutes } from './http/emblem.js';
import { pagesOfForms } from './http/formAddresses.js';
import { UNIT_PAGES } from './http/navigation.js';
import { nothingHere, pageLocals, problemPage } from './http/pages.js';
import { RenderedPages } from './http/renderedPages.js';
import { sameOriginOnly } from './http/sameOrigin.js';
import { securityHeaders } from './http/security.js';
import { loggedInOnly, officeAddress, officeSession } from './http/session.js';
import { viewEngine } from './http/viewEngine.js';
import type { JobKind } from './jobs/jobs.js';
import { jobRoutes } from './jobs/routes.js';
import { paperEntryRoutes } from './paper/entryRoutes.js';
import { paperImportJob } from './paper/importJob.js';
import { paperImportRoutes } from './paper/importRoutes.js';
import { paperMendRoutes } from './paper/mendRoutes.js';
import { paperBatchRoutes } from './paper/routes.js';
import { projectPath } from './paths.js';
import { planEditRoutes } from './plans/editRoutes.js';
import { planRoutes } from './plans/routes.js';
import { previewRoutes } from './previews/routes.js';
import { progressRoutes } from './progress/routes.js';
import { openDataRoutes } from './publishing/openDataRoutes.js';
import { publicFileRoutes } from './publishing/publicFileRoutes.js';
import { publicRoutes } from './publishing/publicRoutes.js';
import { publishJob } from './publishing/publishJob.js';
import { reviewRoutes } from './publishing/reviewRoutes.js';
import { unitResultRoutes } from './publishing/unitRoutes.js';
import { kioskRoutes } from './respond/kiosk.js';
import { respondRoutes } from './respond/routes.js';
import { resultRoutes } from './results/routes.js';
import { roundRoutes } from './rounds/routes.js';
import { steeringRoutes } from './rounds/steeringRoutes.js';
import { quotaRoutes } from './sampling/quotaRoutes.js';
import { samplingRoutes } from './sampling/routes.js';
import { serviceImportRoutes } from './services/importRoutes.js';
import { serviceRoutes } from './services/routes.js';
import { unitImportJob } from './units/importJob.js';
import { unitImportRoutes } from './units/importRoutes.js';
import { oneUnitRoutes } from './units/oneUnitRoutes.js';
import { rearrangeRoutes } from './units/rearrangeRoutes.js';
import { unitRoutes } from './units/routes.js';

/** The pages behind `/van-phong`, by who they are for. */
interface OfficeRoutes {
  /** Without an account. */
  readonly everybody: Router[];
  /** Of one's own account. */
  readonly everyAccount: Router[];
  /** Below `/van-phong/co-so/:unit`: of one unit. */
  readonly units: Router[];
  /** Everything else. */
  readonly department: Router[];
}

/** Pages of published results that are kept ready: about 100 KB each. */
const PUBLISHED_PAGES = 600;

/** Every kind of long job. */
const JOBS: readonly JobKind[] = [
  ...[unitImportJob, paperImportJob, postersJob, lettersJob, formsJob],
  ...[codesJob, withdrawJob, publishJob],
];

/** Every route of the office, in the order in which they are asked. */
export function officeRoutes(context: Context): OfficeRoutes {
  return {
    everybody: [accountRoutes(context), invitationRoutes(context)],
    everyAccount: [ownAccountRoutes(context), secondFactorRoutes(context), jobRoutes(context, JOBS)],
    units: [
      unitPageRoutes(context),
      printRoutes(context),
      paperRoutes(context),
      unitCodesRoutes(context),
      unitResultRoutes(context),
      paperBatchRoutes(context),
      paperEntryRoutes(context),
      paperMendRoutes(context),
      paperImportRoutes(context),
    ],
    department: [
      roundRoutes(context),
      samplingRoutes(context),
      quotaRoutes(),
      progressRoutes(context),
      steeringRoutes(context),
      planRoutes(context),
      planEditRoutes(),
      previewRoutes(context),
      unitRoutes(context),
      unitImportRoutes(context),
      oneUnitRoutes(context),
      rearrangeRoutes(context),
      serviceRoutes(context),
      serviceImportRoutes(context),
      reviewRoutes(context),
      resultRoutes(context),
      resultFileRoutes(context),
      documentRoutes(context),
      manageAccountRoutes(context),
      batchAccountRoutes(context),
      auditRoutes(context),
      codesRoutes(context),
      printRuns(context),
    ],
  };
}

/** The application; the database must be connected. */
export function createApp(context: Context): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', context.config.trustProxy);
  app.set('views', projectPath('views'));
  app.engine('ejs', viewEngine);
  app.set('view engine', 'ejs');
  app.enable('view cache');

  const forms = new RenderedPages(() => `${context.today()} ${changesToRounds()} ${changesToUnits()}`);
  const published = new RenderedPages(() => String(changesToRounds()), PUBLISHED_PAGES);
  app.use(compression());
  app.use(securityHeaders());
  app.use(pageLocals(context));
  app.get('/healthz', async (_request, response) => {
    const up = await isDatabaseUp();
    response.status(up ? 200 : 503).json({ status: up ? 'ok' : 'database-down' });
  });
  app.use(sameOriginOnly(context.config.publicUrl));
  app.use(assetRoutes(), emblemRoutes(context.emblem));
  app.use(respondRoutes(context, forms), kioskRoutes(context));
  app.use(
    publicRoutes(published),
    openDataRoutes(context.config.demo),
    publicFileRoutes(context.config.demo),
  );

  const routes = officeRoutes(context);
  app.use('/van-phong', officeAddress, officeSession(context));
  app.use(...routes.everybody);
  app.use('/van-phong', loggedInOnly, logInAgain, secondFactorFirst(context));
  app.use(...routes.everyAccount, pagesOfForms([...routes.everybody, ...routes.everyAccount]));
  app.get('/van-phong', homeOfRole);
  app.use(`${UNIT_PAGES}/:unit`, withinUnit);
  app.use(...routes.units, pagesOfForms(routes.units));
  app.use('/van-phong', departmentOnly);
  app.use(...routes.department, pagesOfForms(routes.department));

  app.use(nothingHere);
  app.use(problemPage(context));
  return (request, response) => {
    if (forms.answerAgain(request, response) || published.answerAgain(request, response)) return;
    app(request, response);
  };
}

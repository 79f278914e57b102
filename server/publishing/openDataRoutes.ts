/**
 * The open data of published results as files.
 *
 *   GET /ket-qua/:round/du-lieu.csv             200 every figure as CSV, byte by byte as it was sealed · 404
 *   GET /ket-qua/:round/chu-giai.txt            200 what its columns mean · 404
 *   GET /ket-qua/:round/niem-phong.json         200 the manifest, whose SHA-256 is the seal · 404
 *   GET /ket-qua/:round/niem-phong/:part        200 a public part that it lists · 404
 *
 * `?ban=N` for an earlier revision.
 */
import { type Request, type Response, Router } from 'express';
import { queryText } from '../http/pages.js';
import { codebook } from './codebook.js';
import { OPEN_DATA } from './openData.js';
import { type PublishedRevision, publishedRevision } from './published.js';
import { manifestBytes, publicBytes, publicGzip } from './sealedReading.js';

/** As a page: a correction is seen within minutes. */
export const OF_THE_LATEST = 'public, max-age=60, s-maxage=60, stale-if-error=86400';

/** A revision that is named never changes. */
export const OF_ONE_REVISION = 'public, max-age=31536000, immutable';

/** Routes of the files. @param demo whether they are made up, and say so in their names */
export function openDataRoutes(demo: boolean): Router {
  const routes = Router();
  const prefix = demo ? 'minh-hoa-' : '';
  const of = (request: Request<{ round: string }>) =>
    publishedRevision(request.params.round, queryText(request, 'ban'));

  routes.get('/ket-qua/:round/du-lieu.csv', async (request, response) => {
    const revision = await of(request);
    const { gzip, digest } = await publicGzip(revision.publication, OPEN_DATA);
    asFile(request, response, revision, 'csv', prefix, 'du-lieu');
    response.set('ETag', `"${digest}"`).vary('Accept-Encoding');
    // Sent as it is stored; whoever takes no gzip gets it unpacked.
    if (request.acceptsEncodings('gzip') && !request.fresh)
      response.set('Content-Encoding', 'gzip').set('Content-Length', String(gzip.length)).end(gzip);
    else response.send(await publicBytes(revision.publication, OPEN_DATA));
  });

  routes.get('/ket-qua/:round/chu-giai.txt', async (request, response) => {
    const revision = await of(request);
    asFile(request, response, revision, 'txt', prefix, 'chu-giai');
    response.send(codebook(revision, response.locals.lang));
  });

  routes.get('/ket-qua/:round/niem-phong.json', async (request, response) => {
    const revision = await of(request);
    asFile(request, response, revision, 'json', prefix, 'niem-phong');
    response.set('ETag', `"${revision.publication.seal}"`).send(await manifestBytes(revision.publication));
  });

  routes.get('/ket-qua/:round/niem-phong/:part', async (request, response) => {
    const revision = await of(request);
    const { part } = request.params;
    const name = part.replace(/\.json$/, '');
    const bytes = await publicBytes(revision.publication, name);
    asFile(
      request,
      response,
      revision,
      part === OPEN_DATA ? 'csv' : 'json',
      prefix,
      name.replace(/\.\w+$/, ''),
    );
    response.send(bytes);
  });

  return routes;
}

const TYPES = { csv: 'text/csv', txt: 'text/plain', json: 'application/json' } as const;

function asFile(
  request: Request,
  response: Response,
  { facts, publication }: PublishedRevision,
  kind: keyof typeof TYPES,
  prefix: string,
  name: string,
): void {
  response
    .type(`${TYPES[kind]}; charset=utf-8`)
    .set('Cache-Control', queryText(request, 'ban') === undefined ? OF_THE_LATEST : OF_ONE_REVISION)
    .attachment(`${prefix}${name}-${facts.code}-ban-${publication.revision}.${kind}`);
}

/**
 * Pages that are the same for everybody, rendered and compressed once and then served as bytes: a phone with one
 * bar of signal gets 8 KB instead of 50 KB, and a busy evening costs the server nothing.
 *
 * A form that was just served is served again for a second without asking the database whether it is still open;
 * a change made in this process is seen at once. What is sent is checked against the database every time.
 */
import { createHash } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Request, RequestHandler, Response } from 'express';
import { LRUCache } from 'lru-cache';

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);

type Encoding = 'br' | 'gzip' | 'identity';

interface RenderedPage {
  readonly bodies: Readonly<Record<Encoding, Buffer>>;
  readonly etag: string;
}

/** A page that is the same for everybody who asks for it. */
interface SharedPage {
  readonly key: string;
  readonly state: string;
  readonly view: string;
  /** What the template shows; asked for only where the page is not known yet. */
  locals(): object;
  readonly contentSecurityPolicy?: string;
}

/** A page at an address, as it was served a moment ago. */
interface ServedPage {
  readonly page: RenderedPage;
  readonly headers: OutgoingHttpHeaders;
  readonly state: string;
}

/** Together about 70 KB a page: the forms of a large province stay within 350 MB, the least used make room. */
const MOST_PAGES = 5000;

/** How long a served form is served again without a look at the database, in milliseconds. */
const FRESH_MS = 1000;

/**
 * Phones ask every time whether the page has changed; a proxy before the server may answer for it for a minute,
 * and for a day where the server is down – the phone then keeps the answers.
 */
const CACHE_CONTROL = 'public, max-age=0, s-maxage=60, stale-while-revalidate=60, stale-if-error=86400';

/** Pages by what they are made from; a page whose rendering failed is not kept. */
export class RenderedPages {
  readonly #pages = new LRUCache<string, Promise<RenderedPage>>({ max: MOST_PAGES });
  readonly #served = new LRUCache<string, ServedPage>({ max: MOST_PAGES, ttl: FRESH_MS });
  readonly #state: () => string;

  /** @param state changes with everything in this process that decides which form is at an address */
  constructor(state: () => string) {
    this.#state = state;
  }

  /** Middleware, the first of all: answers with a page that was served at the address within the last second. */
  readonly known: RequestHandler = (request, response, next) => {
    const served = this.#served.get(addressOf(request));
    if (!served || served.state !== this.#state() || !['GET', 'HEAD'].includes(request.method)) return next();
    for (const name in served.headers) response.setHeader(name, served.headers[name] as string);
    answer(request, response, served.page);
  };

  /**
   * Answers with a page, rendered where it is not known yet.
   * @param key everything that the page depends on but the language
   * @param state the state before the database was asked which page it is
   * @param contentSecurityPolicy where the page needs another than it was given already
   */
  async send(
    request: Request,
    response: Response,
    { key, state, view, locals, contentSecurityPolicy }: SharedPage,
  ): Promise<void> {
    if (contentSecurityPolicy) response.set('Content-Security-Policy', contentSecurityPolicy);
    const page = await this.#page(`${response.locals.lang} ${key}`, () => rendered(response, view, locals()));
    response.type('html').vary('Accept-Encoding').set('Cache-Control', CACHE_CONTROL);
    this.#served.set(addressOf(request), { page, headers: { ...response.getHeaders() }, state });
    answer(request, response, page);
  }

  /** What `send` is to be given, taken before the database is asked. */
  state(): string {
    return this.#state();
  }

  #page(key: string, render: () => Promise<string>): Promise<RenderedPage> {
    const known = this.#pages.get(key);
    if (known) return known;
    const page = render().then(compressed);
    this.#pages.set(key, page);
    page.catch(() => this.#pages.delete(key));
    return page;
  }
}

function rendered(response: Response, view: string, locals: object): Promise<string> {
  return new Promise((resolve, reject) => {
    response.render(view, locals, (error, html) => (error ? reject(error) : resolve(html)));
  });
}

/** The address without its submission key, which changes nothing about the page but whether it has one. */
function addressOf({ originalUrl }: Request): string {
  return originalUrl.replace(/([?&]phieu=)[\w-]{22}(?=&|$)/, '$1');
}

function answer(request: Request, response: Response, page: RenderedPage): void {
  // Phones name what they take in any order; the smallest wins.
  const accepted = request.headers['accept-encoding'] ?? '';
  const encoding = accepted === '' ? 'identity' : encodingFor(request);
  response.setHeader('ETag', `"${page.etag}-${encoding}"`);
  if (encoding !== 'identity') response.setHeader('Content-Encoding', encoding);
  if (request.headers['if-none-match'] !== undefined && request.fresh) {
    response.statusCode = 304;
    response.end();
    return;
  }
  response.setHeader('Content-Length', page.bodies[encoding].length);
  response.end(request.method === 'HEAD' ? undefined : page.bodies[encoding]);
}

function encodingFor(request: Request): Encoding {
  return (['br', 'gzip'] as const).find((one) => request.acceptsEncodings(one)) ?? 'identity';
}

async function compressed(html: string): Promise<RenderedPage> {
  const identity = Buffer.from(html);
  const [br, gzipped] = await Promise.all([
    compressBrotli(identity, {
      params: {
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: identity.length,
      },
    }),
    compressGzip(identity, { level: constants.Z_BEST_COMPRESSION }),
  ]);
  const etag = createHash('sha256').update(identity).digest('base64url').slice(0, 22);
  return { bodies: { br, gzip: gzipped, identity }, etag };
}

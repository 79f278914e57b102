/**
 * Pages that are the same for everybody, rendered and compressed once and then served as bytes: a phone with one
 * bar of signal gets 8 KB instead of 50 KB, and a busy evening costs the server nothing.
 *
 * A form that was just served is served again for a second without asking the database whether it is still open;
 * a change made in this process is seen at once. What is sent is checked against the database every time.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Request, Response } from 'express';
import fresh from 'fresh';
import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';

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
  locals(): object | Promise<object>;
  readonly contentSecurityPolicy?: string;
  /** Whether a proxy may keep it; not where its address is one person's. Default yes. */
  readonly mayBeShared?: boolean;
  /** How long a page that may be shared is kept by others, where not as a form is. */
  readonly cacheControl?: string;
}

/** A page at an address, as it was served a moment ago. */
interface ServedPage {
  readonly page: RenderedPage;
  /** Names and values in turn, the length of the body last. */
  readonly headers: Readonly<Record<Encoding, string[]>>;
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
const CACHE_CONTROL = 'public, max-age=0, s-maxage=60, stale-if-error=86400';

const PRIVATE = 'private, no-cache';

/** Pages by what they are made from; a page whose rendering failed is not kept. */
export class RenderedPages {
  readonly #pages: LRUCache<string, Promise<RenderedPage>>;
  readonly #served: LRUCache<string, ServedPage>;
  /** What phones say they can unpack, and what they get; there are few such sentences. */
  readonly #encodings = new LRUCache<string, Encoding>({ max: 200 });

  /**
   * @param state changes with everything in this process that decides which form is at an address; `send` is to be
   *   given what it was before the database was asked
   * @param most pages that are kept
   */
  constructor(
    readonly state: () => string,
    most: number = MOST_PAGES,
  ) {
    this.#pages = new LRUCache({ max: most });
    this.#served = new LRUCache({ max: most, ttl: FRESH_MS });
  }

  /**
   * Answers with a page that was served at the address within the last second; before everything else, as most
   * requests of a busy evening end here.
   * @returns whether there was one
   */
  answerAgain(request: IncomingMessage, response: ServerResponse): boolean {
    const served = this.#served.get(addressOf(request.url ?? ''));
    if (!served || served.state !== this.state()) return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    this.#answer(request, response, served);
    return true;
  }

  /**
   * Answers with a page, rendered where it is not known yet.
   * @param key everything that the page depends on but the language
   * @param state the state before the database was asked which page it is
   * @param contentSecurityPolicy where the page needs another than it was given already
   */
  async send(
    request: Request,
    response: Response,
    {
      key,
      state,
      view,
      locals,
      contentSecurityPolicy,
      mayBeShared = true,
      cacheControl = CACHE_CONTROL,
    }: SharedPage,
  ): Promise<void> {
    if (contentSecurityPolicy) response.set('Content-Security-Policy', contentSecurityPolicy);
    const page = await this.#page(`${response.locals.lang} ${key}`, async () =>
      rendered(response, view, await locals()),
    );
    response
      .type('html')
      .vary('Accept-Encoding')
      .set('Cache-Control', mayBeShared ? cacheControl : PRIVATE);
    const served = { page, headers: headersOf(response, page), state };
    // They are written as a list, once.
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    if (mayBeShared) this.#served.set(addressOf(request.originalUrl), served);
    this.#answer(request, response, served);
  }

  #answer(request: IncomingMessage, response: ServerResponse, { page, headers }: ServedPage): void {
    const encoding = this.#encodingFor(request);
    const said = headers[encoding];
    if (
      request.headers['if-none-match'] !== undefined &&
      fresh(request.headers, { etag: tagOf(page, encoding) })
    ) {
      response.writeHead(304, said.slice(0, -2)).end();
      return;
    }
    response.writeHead(200, said).end(request.method === 'HEAD' ? undefined : page.bodies[encoding]);
  }

  /** The smallest body that the browser can unpack, in whatever order it names what it can. */
  #encodingFor(request: IncomingMessage): Encoding {
    const accepted = request.headers['accept-encoding'] ?? '';
    const known = this.#encodings.get(accepted);
    if (known) return known;
    const named = new Negotiator(request).encodings(['br', 'gzip', 'identity']);
    const encoding = (['br', 'gzip'] as const).find((one) => named.includes(one)) ?? 'identity';
    this.#encodings.set(accepted, encoding);
    return encoding;
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

function tagOf({ etag }: RenderedPage, encoding: Encoding): string {
  return `"${etag}-${encoding}"`;
}

/** What is said with a page in each encoding, made once. */
function headersOf(response: Response, page: RenderedPage): ServedPage['headers'] {
  const common = Object.entries(response.getHeaders()).flatMap(([name, value]) => [name, String(value)]);
  const headers = (encoding: Encoding) => [
    ...common,
    ...['etag', tagOf(page, encoding)],
    ...(encoding === 'identity' ? [] : ['content-encoding', encoding]),
    ...['content-length', String(page.bodies[encoding].length)],
  ];
  return { br: headers('br'), gzip: headers('gzip'), identity: headers('identity') };
}

/** The address without its submission key, which changes nothing about the page but whether it has one. */
function addressOf(url: string): string {
  return url.includes('phieu=') ? url.replace(/([?&]phieu=)[\w-]{22}(?=&|$)/, '$1') : url;
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

/**
 * Pages that are the same for everybody, rendered and compressed once and then served as bytes: a phone with one
 * bar of signal gets 6 KB instead of 42 KB, and a busy evening costs the server nothing.
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Request, Response } from 'express';

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);

type Encoding = 'br' | 'gzip' | 'identity';

interface RenderedPage {
  readonly bodies: Readonly<Record<Encoding, Buffer>>;
  readonly etag: string;
  readonly contentSecurityPolicy: string;
}

/** Together about 60 KB a page: the forms of a large province stay within 300 MB, the least used make room. */
const MOST_PAGES = 5000;

/** Pages by what they are made from; a page whose rendering failed is not kept. */
export class RenderedPages {
  readonly #pages = new Map<string, Promise<RenderedPage>>();

  /**
   * Answers with a page, rendered by `render` where it is not known yet.
   * @param key everything that the page depends on
   */
  async send(
    request: Request,
    response: Response,
    key: string,
    render: () => Promise<{ html: string; contentSecurityPolicy: string }>,
  ): Promise<void> {
    const page = await this.#page(key, render);
    // Phones name what they take in any order; the smallest wins.
    const encoding = (['br', 'gzip'] as const).find((one) => request.acceptsEncodings(one)) ?? 'identity';
    response
      .type('html')
      .vary('Accept-Encoding')
      .set('Cache-Control', 'no-cache')
      .set('Content-Security-Policy', page.contentSecurityPolicy)
      .set('ETag', `"${page.etag}-${encoding}"`);
    if (encoding !== 'identity') response.set('Content-Encoding', encoding);
    if (request.fresh) {
      response.status(304).end();
      return;
    }
    response.end(request.method === 'HEAD' ? undefined : page.bodies[encoding]);
  }

  #page(
    key: string,
    render: () => Promise<{ html: string; contentSecurityPolicy: string }>,
  ): Promise<RenderedPage> {
    const known = this.#pages.get(key);
    const page =
      known ??
      render().then(({ html, ...policy }) => compressed(html).then((made) => ({ ...made, ...policy })));
    // The map keeps the order of insertion: what is asked for moves to the end, what nobody asks for is dropped.
    this.#pages.delete(key);
    this.#pages.set(key, page);
    if (!known) page.catch(() => this.#pages.delete(key));
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > MOST_PAGES && oldest !== undefined) this.#pages.delete(oldest);
    return page;
  }
}

async function compressed(html: string): Promise<Pick<RenderedPage, 'bodies' | 'etag'>> {
  const identity = Buffer.from(html);
  const [br, gzipped] = await Promise.all([
    compressBrotli(identity, {
      params: {
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: identity.length,
      },
    }),
    compressGzip(identity, { level: constants.Z_BEST_COMPRESSION }),
  ]);
  const etag = createHash('sha256').update(identity).digest('base64url').slice(0, 22);
  return { bodies: { br, gzip: gzipped, identity }, etag };
}

import { setTimeout as sleep } from 'node:timers/promises';

/** A person of the office without a browser: logs in and sets a round up over HTTP. */
export class Office {
  #cookie = '';

  constructor(readonly url: string) {}

  async logIn(password: string): Promise<void> {
    const answer = await this.post(
      '/van-phong/dang-nhap',
      new URLSearchParams({ name: 'vanphong', password }),
    );
    const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
    this.#cookie = cookies.join('; ');
    if (answer.status !== 303 || !this.#cookie) throw new Error(`not logged in: ${answer.status}`);
  }

  get(path: string): Promise<Response> {
    return fetch(this.url + path, { headers: { cookie: this.#cookie }, redirect: 'manual' });
  }

  post(path: string, body: URLSearchParams | FormData): Promise<Response> {
    return fetch(this.url + path, {
      method: 'POST',
      headers: { cookie: this.#cookie },
      body,
      redirect: 'manual',
    });
  }

  /** Waits for the job that an answer leads to, where it leads to one. @returns where that leads, or the answer does */
  async settled(answer: Response): Promise<string> {
    const leads = answer.headers.get('location') ?? '';
    if (answer.status !== 303) throw new Error(`answered ${answer.status}: ${await answer.text()}`);
    if (!leads.includes('/viec/')) return leads;
    for (let tries = 0; tries < 300; tries += 1) {
      const page = await (await this.get(leads)).text();
      if (!page.includes('<progress')) {
        const [, href] = /class="button" href="([^"]+)"/.exec(page) ?? [];
        if (!href || page.includes('class="problems"')) throw new Error(`${leads} has failed: ${page}`);
        return href;
      }
      await sleep(100);
    }
    throw new Error(`${leads} has not ended`);
  }

  /**
   * Stores one preschool and opens a round for it that takes answers today.
   * @param access by link, or only by invitation
   * @returns its link code
   */
  async openRound(access: 'link' | 'invitation' = 'link'): Promise<string> {
    const list = new FormData();
    list.set('list', 'code,name,levels,parent\nS1,Trường Mầm non Một,mam-non,');
    list.set('step', 'store');
    await this.settled(await this.post('/van-phong/don-vi/nhap', list));
    const round = new URLSearchParams({
      label: 'Đợt thử',
      subject: 'education',
      numbering: 'calendar-year',
      opens: '2020-01-01',
      closes: '2099-12-31',
      surveys: 'parents-mam-non',
    });
    await this.post('/van-phong/dot-moi', round);
    await this.post('/van-phong/dot/dot-thu/ma-moi/cach-tra-loi', new URLSearchParams({ access }));
    const checks = await (await this.get('/van-phong/dot/dot-thu/quan-ly')).text();
    const seen = /name="da-xem" value="([^"]+)"/.exec(checks)?.[1] ?? '';
    const opened = await this.post('/van-phong/dot/dot-thu/mo', new URLSearchParams({ 'da-xem': seen }));
    if (opened.status !== 303) throw new Error(`round not opened: ${opened.status} ${await opened.text()}`);
    const own = await (await this.get('/van-phong/co-so/S1')).text();
    const code = /\/k\/([0-9A-Z]{6})"/.exec(own)?.[1];
    if (!code) throw new Error('no link on the page of the unit');
    return code;
  }

  /** How many responses the office's list says the round has. */
  async responses(): Promise<number> {
    const page = await (await this.get('/van-phong')).text();
    const cells = [...page.matchAll(/<td class="n">([\d.]+)<\/td>/g)];
    return Number((cells.at(-1)?.[1] ?? 'NaN').replaceAll('.', ''));
  }
}

/** `npm run demo`: the whole product with made-up data, on the embedded database. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { allRounds, takesAnswers } from '../../models/rounds.js';
import { unitsOfRound } from '../../models/roundUnits.js';
import { createFirstAccount, newPassword, OFFICE_ACCOUNT } from '../accounts/passwords.js';
import { readConfig } from '../config.js';
import type { Context } from '../context.js';
import { DEFAULT_LANGUAGE, translator } from '../http/language.js';
import { runUntilStopped, serve } from '../serve.js';
import { prepareDemo } from './data.js';

const t = translator(DEFAULT_LANGUAGE);

/** What the demonstration must remember from start to start; in its data folder, for its owner only. */
interface Keys {
  readonly sessionSecret: string;
  readonly password: string;
}

await runUntilStopped(async () => {
  const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
  const dataDir = given.DATA_DIR ?? 'data/demo';
  const keys = keysIn(dataDir);
  const config = readConfig({
    HOST: '127.0.0.1',
    DEPARTMENT_NAME: 'Sở Giáo dục và Đào tạo tỉnh Quảng Ngãi',
    LOG_LEVEL: 'error',
    ...given,
    DATA_DIR: dataDir,
    SESSION_SECRET: keys.sessionSecret,
    DEMO: 'true',
  });
  const started = Date.now();
  let context: Context | undefined;
  const running = await serve(config, async (given) => {
    context = given;
    await createFirstAccount(keys.password);
    const responses = await prepareDemo(given);
    if (responses > 0)
      console.log(t('start.demo.added', { responses, seconds: ((Date.now() - started) / 1000).toFixed(1) }));
  });
  const links = context ? await openLinks(context) : new Map<string, string>();
  const link = (subject: string) => `${running.url}/k/${links.get(subject) ?? ''}`;
  console.log(t('start.listening', { url: running.url }));
  console.log(t('start.demo.form', { url: link('education') }));
  console.log(t('start.demo.desk', { url: link('procedure') }));
  console.log(t('start.demo.office', { url: `${running.url}/van-phong/dang-nhap` }));
  console.log(t('start.demo.account', { name: OFFICE_ACCOUNT, password: keys.password }));
  return running;
});

/** A link code that is open today for each subject: of a school with several levels, and of the desk. */
async function openLinks({ today }: Context): Promise<Map<string, string>> {
  const links = new Map<string, string>();
  for (const round of await allRounds()) {
    if (!takesAnswers(round, today())) continue;
    const units = await unitsOfRound(round._id);
    const unit = units.find(({ levels }) => levels.length > 1) ?? units[0];
    if (unit) links.set(round.subject, unit.linkCode);
  }
  return links;
}

function keysIn(dataDir: string): Keys {
  const file = path.resolve(dataDir, 'demo-keys.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Keys;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const keys = { sessionSecret: randomBytes(32).toString('hex'), password: newPassword() };
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(keys)}\n`, { mode: 0o600, flag: 'wx' });
  return keys;
}

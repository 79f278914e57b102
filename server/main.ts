/** The production start: `npm start`. */

import { createFirstAccount, OFFICE_ACCOUNT } from './accounts/passwords.js';
import { readConfig } from './config.js';
import { DEFAULT_LANGUAGE, translator } from './http/language.js';
import { runUntilStopped, serve } from './serve.js';

const t = translator(DEFAULT_LANGUAGE);

await runUntilStopped(async () => {
  const running = await serve(readConfig(process.env), async () => {
    const password = await createFirstAccount();
    if (password) console.log(t('start.account', { name: OFFICE_ACCOUNT, password }));
  });
  console.log(t('start.listening', { url: running.url }));
  return running;
});

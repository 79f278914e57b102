import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The product as people meet it, in Chromium: `npm run test:browser`. One engine serves the whole run. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/browser/**/*.test.ts'],
    globalSetup: ['test/startEngine.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 3,
  },
});

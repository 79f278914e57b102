import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Everything but the browser: `npm test`. One engine serves the whole run; each file has its own database. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**', 'node_modules/**'],
    globalSetup: ['test/startEngine.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Most of the work is waiting: for disks, and for the engine and products in processes of their own. On two cores three
    // workers keep both busy.
    maxWorkers: 3,
  },
});

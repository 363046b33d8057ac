import vue from '@vitejs/plugin-vue';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { watPlugin } from './scripts/watPlugin.js';

/** Files that replace modules or measure the memory of their process: each has a process of its own. */
const alone = [
  'test/e2e/failures.e2e.test.ts',
  'test/**/memory.test.ts',
  'test/main/electron/protocol.test.ts',
  'test/main/store/failures.test.ts',
  'test/renderer/runOutlines.test.ts',
  'test/renderer/runsStore.test.ts',
  'test/renderer/library/libraryStore.test.ts',
];

/** Files that drive a browser. */
const pages = ['test/e2e/**/*.test.ts'];

export default defineConfig({
  plugins: [watPlugin(), vue()],
  test: {
    projects: [
      // Modules are read once for all files: a third of the time goes into nothing else.
      {
        extends: true,
        test: { name: 'together', include: ['test/**/*.test.ts'], exclude: [...alone, ...pages], isolate: false },
      },
      // They share a Chromium.
      { extends: true, test: { name: 'pages', include: pages, exclude: alone, isolate: false } },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
    pool: 'forks',
    // One more than the cores that this is made for: tests of pages wait for most of their time.
    maxWorkers: 3,
    testTimeout: 60_000,
    env: {
      // No test touches the history of the person who runs it.
      BRACKET_HOME: join(tmpdir(), 'bracket-tests'),
      // Threads that wait for each other would take the core of the other test process.
      BRACKET_THREADS: '1',
    },
    globalSetup: ['./test/support/softwareGpu.ts', './test/support/builtOnce.ts'],
    reporters: ['default', './test/support/countReporter.ts'],
    // Only the ES modules of tfjs register the gradients, so they go through the bundler: together, because there are a thousand of
    // them, and because each that fails to load alone would leave a tfjs that is there in part.
    server: { deps: { inline: [/@tensorflow/] } },
    deps: {
      optimizer: {
        ssr: {
          enabled: true,
          include: [
            '@tensorflow/tfjs-core',
            '@tensorflow/tfjs-core/dist/register_all_gradients',
            '@tensorflow/tfjs-backend-cpu',
          ],
        },
      },
    },
  },
});

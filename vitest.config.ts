import vue from '@vitejs/plugin-vue';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { watPlugin } from './scripts/watPlugin.js';

export default defineConfig({
  plugins: [watPlugin(), vue()],
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    // No test touches the history of the person who runs it.
    env: { BRACKET_HOME: join(tmpdir(), 'bracket-tests') },
    globalSetup: ['./test/support/softwareGpu.ts'],
    reporters: ['default', './test/support/countReporter.ts'],
    // Only the ES modules of tfjs register the gradients, so they go through the bundler.
    server: { deps: { inline: [/@tensorflow/] } },
  },
});

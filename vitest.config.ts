import { defineConfig } from 'vitest/config';
import { watPlugin } from './scripts/watPlugin.js';

export default defineConfig({
  plugins: [watPlugin()],
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    globalSetup: ['./test/support/softwareGpu.ts'],
    reporters: ['default', './test/support/countReporter.ts'],
    // Only the ES modules of tfjs register the gradients, so they go through the bundler.
    server: { deps: { inline: [/@tensorflow/] } },
  },
});

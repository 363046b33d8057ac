import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    reporters: ['default', './test/support/countReporter.ts'],
    // Only the ES modules of tfjs register the gradients, so they go through the bundler.
    server: { deps: { inline: [/@tensorflow/] } },
  },
});

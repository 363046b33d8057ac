import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtOnce } from './builtOnce';

const renderer = fileURLToPath(new URL('../../src/renderer/', import.meta.url));

/**
 * The window built from its sources, once for all test files.
 * @param mode "fake" has an engine of made-up runs inside it
 * @returns its folder
 */
export function buildWindow(mode: 'production' | 'fake'): Promise<string> {
  return builtOnce(`window-${mode}`, async (outDir) => {
    const { build } = await import('vite');
    await build({
      root: renderer,
      configFile: join(renderer, 'vite.config.ts'),
      mode,
      logLevel: 'error',
      build: { outDir, emptyOutDir: true },
    });
  });
}

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { watPlugin } from '../../scripts/watPlugin.js';
import { builtOnce } from './builtOnce';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The run process, the small engine of the tests and the command line, built as programs that can be started and killed. */
export interface BuiltRuns {
  readonly runProcess: string;
  readonly engine: string;
  readonly cli: string;
}

export async function buildRuns(): Promise<BuiltRuns> {
  const folder = await builtOnce('runs', async (outDir) => {
    const { build } = await import('vite');
    await build({
      configFile: false,
      root,
      logLevel: 'error',
      plugins: [watPlugin()],
      // Only the ES modules of tfjs register the gradients.
      ssr: { noExternal: [/@tensorflow/] },
      build: {
        ssr: true,
        target: 'node24',
        outDir,
        rollupOptions: {
          input: {
            runProcess: 'src/main/runs/process/main.ts',
            engine: 'test/support/smallEngine.ts',
            cli: 'src/main/headless/cli.ts',
          },
          output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
        },
      },
    });
  });
  return {
    runProcess: join(folder, 'runProcess.mjs'),
    engine: join(folder, 'engine.mjs'),
    cli: join(folder, 'cli.mjs'),
  };
}

import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';
import { existsSync } from 'node:fs';
import { watPlugin } from './scripts/watPlugin.js';

// electron-vite asks the electron package for its version. The command line is built without it, for the Node of the same age.
if (!existsSync('node_modules/electron')) process.env['ELECTRON_MAJOR_VER'] ??= '42';

/** `main` leaves the window out, for `npm run dev`, which has its own server for that. */
const whole = process.env['BRACKET_BUILD'] !== 'main';

// The engine, the command line and the shell are built into out/main, the window into out/renderer. tfjs is bundled from its ES
// modules because only those register the gradients; native modules and everything else stay in node_modules.
export default defineConfig({
  main: {
    plugins: [watPlugin()],
    build: {
      target: 'node24',
      sourcemap: true,
      // Plain names, written over: a program that runs while it is built again keeps finding its files.
      emptyOutDir: false,
      externalizeDeps: { exclude: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu'] },
      rollupOptions: {
        input: {
          cli: 'src/main/headless/cli.ts',
          runProcess: 'src/main/runs/process/main.ts',
          taskProcess: 'src/main/tasks/taskProcess.ts',
          electron: 'src/main/electron/main.ts',
          engineProcess: 'src/main/electron/engineProcess.ts',
        },
        output: { format: 'es', chunkFileNames: 'chunks/[name].js' },
      },
    },
  },
  ...(whole && {
    preload: {
      build: {
        sourcemap: false,
        // A sandboxed preload can load nothing but what is in its one file.
        externalizeDeps: false,
        rollupOptions: {
          input: { preload: 'src/main/electron/preload.ts' },
          output: { format: 'cjs', entryFileNames: '[name].cjs' },
        },
      },
    },
    renderer: {
      root: 'src/renderer',
      base: './',
      plugins: [vue()],
      build: {
        outDir: 'out/renderer',
        // It may travel through a tunnel, which electron-vite does not expect.
        minify: true,
        emptyOutDir: true,
        chunkSizeWarningLimit: 900,
        rollupOptions: { input: 'src/renderer/index.html' },
      },
    },
  }),
});

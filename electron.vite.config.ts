import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';
import { existsSync } from 'node:fs';
import { watPlugin } from './scripts/watPlugin.js';

// electron-vite asks the electron package for its version. The command line is built without it, for the Node of the same age.
if (!existsSync('node_modules/electron')) process.env['ELECTRON_MAJOR_VER'] ??= '42';

// The engine and the command line are built here into out/main. tfjs is bundled from its ES modules because only
// those register the gradients; native modules and everything else stay in node_modules.
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
        },
        output: { format: 'es', chunkFileNames: 'chunks/[name].js' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    base: './',
    plugins: [vue()],
    build: {
      outDir: 'out/renderer',
      emptyOutDir: true,
      chunkSizeWarningLimit: 900,
      rollupOptions: { input: 'src/renderer/index.html' },
    },
  },
});

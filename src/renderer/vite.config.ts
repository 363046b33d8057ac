import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/**
 * The window by itself, without the engine: `vite src/renderer` with `?fake=1` shows every page with made-up runs.
 * `--mode fake` builds the same into one folder, for screenshots and for the tests of pages.
 */
export default defineConfig({
  base: './',
  plugins: [vue()],
  build: { outDir: '../../out/renderer', emptyOutDir: true, chunkSizeWarningLimit: 900 },
});

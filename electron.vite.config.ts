import { defineConfig } from 'electron-vite';

// The engine and the command line are built here into out/main. tfjs-core is bundled from its ES modules
// because only those register the gradients; native modules and everything else stay in node_modules.
export default defineConfig({
  main: {
    build: {
      target: 'node24',
      externalizeDeps: { exclude: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu'] },
      rollupOptions: {
        input: { cli: 'src/main/headless/cli.ts' },
        output: { format: 'es' },
      },
    },
  },
});

// Runs a TypeScript file of this repository under Node through the bundler: node scripts/run.js FILE [arguments]
import { createRequire } from 'node:module';
import { createServer } from 'vite';
import { watPlugin } from './watPlugin.js';

// tfjs asks for `require` when it finds itself in Node.
globalThis.require = createRequire(import.meta.url);

const [file, ...rest] = process.argv.slice(2);
process.argv.splice(1, process.argv.length, file, ...rest);
const server = await createServer({
  configFile: false,
  logLevel: 'error',
  plugins: [watPlugin()],
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  // Only the ES modules of tfjs register the gradients, so they go through the bundler.
  ssr: { noExternal: [/@tensorflow/] },
});
try {
  await server.ssrLoadModule(`/${file}`);
} finally {
  await server.close();
}

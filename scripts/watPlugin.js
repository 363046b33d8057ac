import { readFile } from 'node:fs/promises';

/**
 * Lets TypeScript import WebAssembly text: `import bytes from './noise.wat'` gives the assembled binary, inlined, so that there is
 * no binary to keep in the repository, to find at run time or to pack.
 * @returns {import('vite').Plugin}
 */
export function watPlugin() {
  return {
    name: 'wat',
    load: {
      filter: { id: /\.wat$/ },
      async handler(id) {
        const text = await readFile(id, 'utf8');
        const { default: loadWabt } = await import('wabt');
        const wabt = await loadWabt();
        const module = wabt.parseWat(id, text, { simd: true });
        try {
          module.resolveNames();
          module.validate();
          const base64 = Buffer.from(module.toBinary({}).buffer).toString('base64');
          return {
            code: `export default Uint8Array.from(atob('${base64}'), (character) => character.charCodeAt(0));`,
            moduleType: 'js',
          };
        } finally {
          module.destroy();
        }
      },
    },
  };
}

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const shared = fileURLToPath(new URL('../../../shared/data/checkpoints/mnist-vae-20.pth', import.meta.url));
const shipped = fileURLToPath(new URL('../../resources/examples/glyphs-vae.safetensors', import.meta.url));

/** A VAE as somebody published it, where ../shared has one; the example that comes with the program elsewhere. */
export const vaeCheckpoint = existsSync(shared) ? shared : shipped;

/** So many temperatures take it a few seconds: long enough to be paused on the way. */
export const temperaturesOnTheWay = existsSync(shared) ? 1600 : 4000;

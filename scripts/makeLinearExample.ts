import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeSafetensors } from '../src/main/checkpoints';
import { fillNormals } from '../src/main/tensor/random/streams';

// Writes resources/examples/linear-gaussian.safetensors: x = W z + ε with z in 10 dimensions, x in 100, W drawn from N(0, 1) and
// ε from N(0, 1). Everything about this model has a closed form, so it shows whether a bound tells the truth.

const [latent, outputs] = [10, 100];
const weight = new Float32Array(outputs * latent);
fillNormals(weight, {
  seed: 0,
  stream: 'preview',
  step: 0,
  firstChain: 0,
  chains: 1,
  firstDatum: 0,
  data: outputs,
  width: latent,
});
const bytes = writeSafetensors(
  [
    { name: 'decoder.weight', shape: [outputs, latent], dtype: 'float32', data: weight },
    { name: 'decoder.bias', shape: [outputs], dtype: 'float32', data: new Float32Array(outputs) },
  ],
  {
    title: 'Linear-Gaussian model, 10 to 100, weights from N(0, 1)',
    decoder: JSON.stringify([{ linear: 'decoder' }]),
    likelihood: JSON.stringify({ type: 'gaussian', sigma: 1 }),
    made: 'npm run make:linear-example',
  },
);
const file = path.resolve('resources/examples/linear-gaussian.safetensors');
writeFileSync(file, bytes);
console.log(`${file}: ${bytes.length} bytes`);

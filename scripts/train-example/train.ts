/**
 * Makes the example model that ships with Bracket: npm run train:example [-- --iterations N --seed N --output FILE --sheet PNG].
 * Draws its own data, trains a VAE on the `cpu` device, measures it on held-out glyphs and writes the checkpoint.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { openDevice } from '../../src/main/tensor/devices';
import { exampleCheckpoint } from './checkpoint';
import { evaluate, pictures } from './evaluate';
import { contactSheet } from './picture';
import { train } from './training';

const { values } = parseArgs({
  options: {
    iterations: { type: 'string', default: '12000' },
    seed: { type: 'string', default: '0' },
    output: { type: 'string', default: 'resources/examples/glyphs-vae.safetensors' },
    sheet: { type: 'string' },
  },
});
const iterations = Number(values.iterations);
const seed = Number(values.seed);
const report = 500;

const device = await openDevice('cpu');
const started = performance.now();
let sum = 0;
const parameters = await train(device, {
  seed,
  iterations,
  batch: 128,
  learningRate: 0.005,
  onIteration: (iteration, elbo) => {
    sum += elbo;
    if ((iteration + 1) % report !== 0) return;
    const rate = (iteration + 1) / ((performance.now() - started) / 1000);
    console.log(
      `${iteration + 1} of ${iterations}: ELBO ${(sum / report).toFixed(2)} nats, ${rate.toFixed(0)} steps/s`,
    );
    sum = 0;
  },
});

const heldOut = await evaluate(device, parameters, seed, 2000);
console.log(`Held-out ELBO ${heldOut.elbo.toFixed(3)} ± ${heldOut.standardError.toFixed(3)} nats.`);
console.log(`KL of each unit: ${heldOut.divergence.map((nats) => nats.toFixed(2)).join(', ')} nats.`);
mkdirSync(dirname(values.output), { recursive: true });
writeFileSync(values.output, exampleCheckpoint(parameters, heldOut, { seed, iterations }));
console.log(`Wrote ${values.output}.`);
if (values.sheet !== undefined) {
  const { glyphs, reconstructions, samples } = await pictures(device, parameters, seed, 32);
  writeFileSync(values.sheet, contactSheet(Float32Array.from([...glyphs, ...reconstructions, ...samples]), 16));
  console.log(`Wrote ${values.sheet}: two lines each of held-out glyphs, reconstructions, samples.`);
}

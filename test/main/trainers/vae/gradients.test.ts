import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { openDevice } from '../../../../src/main/tensor/devices';
import { fillNormals, fillUniforms } from '../../../../src/main/tensor/random/streams';
import type { Feeds } from '../../../../src/main/tensor/types';
import { elboOf, iwaeOf } from '../../../../src/main/trainers/vae/bounds';
import { chainSettings } from '../../../../src/main/trainers/vae/chainSettings';
import { ChainStep } from '../../../../src/main/trainers/vae/chainStep';
import type { ParameterShapes, Parameters } from '../../../../src/main/models/network';
import { chainSpec, tinyVae } from '../../../support/tinyVae';

const device = await openDevice('cpu');
const data = 3;
const noises = [{ type: 'bernoulli' }, { type: 'gaussian', sigma: 0.7, learned: true }] as const;

type Doubles = Record<string, Float64Array>;

/** Somewhere that nothing is zero, in doubles. */
function somewhere(shapes: ParameterShapes, initial: Parameters): Doubles {
  return Object.fromEntries(
    Object.keys(shapes).map((name, step) => {
      const shift = new Float64Array(initial[name]?.length ?? 0);
      const block = { firstChain: 0, chains: 1, firstDatum: 0, data: 1, width: shift.length };
      fillNormals(shift, { seed: 7, stream: 'trainingNoise', step, ...block });
      return [name, shift.map((value, i) => 0.2 * value + (initial[name]?.[i] ?? 0))];
    }),
  );
}

function pixels(width: number): Float64Array {
  const x = new Float64Array(data * width);
  fillUniforms(x, { seed: 3, stream: 'dataNoise', step: 0, firstChain: 0, chains: 1, firstDatum: 0, data, width });
  return x.map((value) => Number(value < 0.5));
}

/** Every number's central difference beside its gradient, in units of the largest of its parameter. */
async function worstError(
  parameters: Doubles,
  gradients: Doubles,
  loss: (at: Doubles) => Promise<number>,
): Promise<number> {
  let worst = 0;
  for (const [name, values] of Object.entries(parameters)) {
    const gradient = gradients[name] ?? new Float64Array(0);
    const scale = Math.max(1e-3, ...gradient.map(Math.abs));
    // A few places of each parameter, its first and last among them.
    const places = new Set([0, Math.floor(values.length / 3), Math.floor((2 * values.length) / 3), values.length - 1]);
    for (const place of places) {
      const moved = async (by: number): Promise<number> => {
        const copy = values.slice();
        copy[place] = (copy[place] ?? Number.NaN) + by;
        return loss({ ...parameters, [name]: copy });
      };
      const step = 1e-4;
      const difference = ((await moved(step)) - (await moved(-step))) / (2 * step);
      worst = Math.max(worst, Math.abs(difference - (gradient[place] ?? Number.NaN)) / scale);
    }
  }
  return worst;
}

describe('gradients of bounds by samples, in doubles', () => {
  test.each(noises.flatMap((noise) => [1, 4].map((samples) => ({ noise, samples }))))(
    '$noise.type, $samples samples',
    async ({ noise, samples }) => {
      const vae = tinyVae(noise);
      const bound = samples === 1 ? elboOf(vae) : iwaeOf(vae);
      const names = Object.keys(vae.shapes);
      const program = await device.compile(
        (t) => {
          const at = (values: tf.Tensor[]): tf.Scalar => {
            const own = Object.fromEntries(names.map((name, i) => [name, values[i] as tf.Tensor]));
            return tf.neg(tf.mean(bound(own, t['x'] as tf.Tensor2D, t['normals'] as tf.Tensor2D)));
          };
          const { value, grads } = tf.valueAndGrads((...values: tf.Tensor[]) => at(values))(
            names.map((name) => t[name] as tf.Tensor),
          );
          return {
            loss: value,
            ...Object.fromEntries(names.map((name, i) => [`gradients/${name}`, grads[i] as tf.Tensor])),
          };
        },
        {
          inputs: {
            x: { shape: [data, vae.pixels] },
            normals: { shape: [samples * data, vae.latent] },
            ...Object.fromEntries(names.map((name) => [name, { shape: vae.shapes[name] ?? [] }])),
          },
          precision: 'float64',
        },
      );
      const normals = new Float64Array(samples * data * vae.latent);
      const block = { firstChain: 0, chains: samples, firstDatum: 0, data, width: vae.latent };
      fillNormals(normals, { seed: 1, stream: 'trainingNoise', step: 0, ...block });
      const parameters = somewhere(vae.shapes, vae.initial(2));
      const run = (at: Doubles) => program.run({ ...at, x: pixels(vae.pixels), normals });
      const out = await run(parameters);
      const gradients = Object.fromEntries(names.map((name) => [name, out[`gradients/${name}`] as Float64Array]));
      const worst = await worstError(parameters, gradients, async (at) => Number((await run(at))['loss']?.[0]));
      expect(worst).toBeLessThan(1e-6);
      await program.dispose();
    },
  );
});

describe('gradients of bounds by chains, in doubles', () => {
  const score = { width: 3, blocks: 1, embedding: 2, summary: 2 };
  const small = { steps: 3, stepSize: 0.1 };
  const bounds = [
    { type: 'ula', ...small },
    { type: 'uha', ...small },
    { type: 'dais', ...small },
    { type: 'ula-mcd', ...small, score },
    { type: 'uha-mcd', ...small, score },
  ];
  const cases = bounds.flatMap((bound) => [1, 3].map((particles) => ({ ...bound, particles })));
  const passes = [
    [false, 'transition by transition'],
    [true, 'in one program'],
  ] as const;
  const each = cases.flatMap((given) => passes.map(([whole, pass]) => ({ ...given, whole, pass, given })));
  test.each(each)('$type, $particles particles, $pass', async ({ whole, given }) => {
    const noise = noises[given.particles === 1 ? 0 : 1];
    const vae = tinyVae(noise);
    const settings = chainSettings(chainSpec(given), vae);
    const step = await ChainStep.open({ device, vae, settings, precision: 'float64', data }, 'bound', 5, whole);
    const parameters = somewhere(settings.shapes, settings.initial(2));
    const x = pixels(vae.pixels);
    const run = async (at: Doubles): Promise<{ loss: number; gradients: Doubles }> => {
      const gradients = Object.fromEntries(
        Object.entries(at).map(([name, values]) => [
          `gradients/${name}`,
          new Float64Array(values.length).fill(Number.NaN),
        ]),
      );
      const loss = new Float64Array(1);
      const feeds: Feeds = Object.fromEntries(
        Object.entries(at).map(([name, values]) => [`parameters/${name}`, values]),
      );
      await step.run({ ...feeds, x, iteration: Int32Array.of(4) }, { ...gradients, loss });
      return { loss: loss[0] ?? Number.NaN, gradients };
    };
    const { gradients } = await run(parameters);
    const own = Object.fromEntries(
      Object.keys(parameters).map((name) => [name, gradients[`gradients/${name}`] as Float64Array]),
    );
    expect(Object.keys(own).filter((name) => !own[name]?.every(Number.isFinite))).toEqual([]);
    const worst = await worstError(parameters, own, async (at) => (await run(at)).loss);
    expect(worst).toBeLessThan(1e-5);
    await step.dispose();
  });
});

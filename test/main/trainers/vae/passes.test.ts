import { describe, expect, test } from 'vitest';
import { openDevice } from '../../../../src/main/tensor/devices';
import { fillNormals } from '../../../../src/main/tensor/random/streams';
import { chainSettings } from '../../../../src/main/trainers/vae/chainSettings';
import { ChainStep } from '../../../../src/main/trainers/vae/chainStep';
import { vaeNetworks } from '../../../../src/main/trainers/vae/networks';
import { fitsInOneProgram } from '../../../../src/main/trainers/vae/wholePass';
import { chainSpec, tinyVae } from '../../../support/tinyVae';

const device = await openDevice('cpu');
const data = 4;
const vae = tinyVae();
const score = { width: 3, blocks: 2, embedding: 2, summary: 2 };

async function found(given: Record<string, unknown>, whole: boolean): Promise<Record<string, Float64Array>> {
  const settings = chainSettings(chainSpec(given), vae);
  const options = { device, vae, settings, precision: 'float64' as const, data };
  const step = await ChainStep.open(options, 'bound', 11, whole);
  const feeds: Record<string, Float64Array | Int32Array> = { iteration: Int32Array.of(2) };
  const out: Record<string, Float64Array> = { loss: new Float64Array(1) };
  Object.entries(settings.initial(3)).forEach(([name, values], at) => {
    const shift = new Float64Array(values.length);
    const block = { firstChain: 0, chains: 1, firstDatum: 0, data: 1, width: shift.length };
    fillNormals(shift, { seed: 9, stream: 'trainingNoise', step: at, ...block });
    feeds[`parameters/${name}`] = shift.map((value, i) => 0.3 * value + (values[i] ?? 0));
    out[`gradients/${name}`] = new Float64Array(values.length);
  });
  feeds['x'] = Float64Array.from({ length: data * vae.pixels }, (_, i) => Number(i % 3 === 0));
  await step.run(feeds, out);
  await step.dispose();
  return out;
}

describe('chains in one program and transition by transition', () => {
  test.each(
    ['ula', 'uha', 'dais', 'ula-mcd', 'uha-mcd'].flatMap((type) => [1, 2].map((particles) => ({ type, particles }))),
  )('of $type with $particles particles have the same bound and gradient', async ({ type, particles }) => {
    const given = { type, particles, steps: 5, stepSize: 0.15, ...(type.endsWith('mcd') ? { score } : {}) };
    const [whole, stepped] = [await found(given, true), await found(given, false)];
    expect(Number.isFinite(whole['loss']?.[0])).toBe(true);
    for (const [name, values] of Object.entries(stepped)) {
      const scale = Math.max(1e-3, ...values.map(Math.abs));
      const apart = Math.max(...values.map((value, i) => Math.abs(value - (whole[name]?.[i] ?? Number.NaN))));
      expect(apart / scale, name).toBeLessThan(1e-10);
    }
  });
});

describe('one program', () => {
  const large = vaeNetworks({
    ...{ pixels: 784, latent: 50, encoder: [200, 200], decoder: [200, 200], activation: 'tanh', output: 'identity' },
    noise: { type: 'bernoulli' },
  });
  const fits = (given: Record<string, unknown>, rows: number): boolean => {
    const settings = chainSettings(chainSpec({ type: 'uha-mcd', ...given }), large);
    return fitsInOneProgram({ device, vae: large, settings, precision: 'float32', data: rows });
  };

  test('is for as many transitions as a graph may hold', () => {
    expect(fits({ steps: 64 }, 128)).toBe(true);
    expect(fits({ steps: 65 }, 1)).toBe(false);
  });

  test('is not for what memory does not hold', () => {
    expect(fits({ steps: 64 }, 1024)).toBe(false);
    expect(fits({ steps: 64, particles: 8 }, 128)).toBe(false);
  });
});

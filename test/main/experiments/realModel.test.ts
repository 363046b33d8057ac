import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drive } from '../../../src/main/runs/driver';
import { parseRunFile } from '../../../src/shared/runFile';
import { boundOf } from '../../support/runs';

const directory = join(import.meta.dirname, '../../../../shared/data');
const there = existsSync(join(directory, 'checkpoints/mnist-vae-20.pth'));
const why = there ? '' : ' (skipped: ../shared/data has no mnist-vae-20.pth)';

describe.skipIf(!there)(`a VAE that somebody else trained on MNIST${why}`, () => {
  const model = {
    checkpoint: 'checkpoints/mnist-vae-20.pth',
    decoder: [{ linear: 'fc3' }, 'relu', { linear: 'fc4' }],
    likelihood: { type: 'bernoulli' },
  };

  it('has about 25 nats between its x and z, between bounds', async () => {
    const spec = {
      kind: 'mutual-information',
      model,
      data: { simulate: 32 },
      estimators: ['im-ais', 'cr-ais', 'iwae'],
      ais: { chains: 4, temperatures: 40, leapfrog: 4, schedule: { type: 'sigmoid', rad: 4 }, initial: 'prior' },
      iwae: { samples: 300, proposal: 'prior' },
      seed: 0,
      device: 'cpu',
    };
    const result = await drive(parseRunFile(spec, 'run.json'), { directory });
    expect(result.status).toBe('done');
    const [lower, upper] = [boundOf(result, 'cr-ais', 'lower'), boundOf(result, 'im-ais', 'upper')];
    // 24.8 ± 1.1 over these data with 1000 temperatures.
    expect(lower.value).toBeGreaterThan(18);
    expect(lower.value).toBeLessThan(26);
    expect(upper.value).toBeGreaterThan(24);
    expect(upper.value).toBeLessThan(40);
    expect(upper.value).toBeGreaterThan(lower.value);
    // Importance samples from the prior cannot see more than log K.
    expect(Math.abs(boundOf(result, 'iwae', 'lower').value - Math.log(300))).toBeLessThan(0.3);
    expect(boundOf(result, 'iwae', 'upper').value).toBeGreaterThan(upper.value);
    expect(result.warnings).toEqual([]);
  });

  it('guesses the same model, and says what it guessed', async () => {
    const run = (model: object) =>
      drive(
        parseRunFile(
          {
            kind: 'mutual-information',
            model,
            data: { simulate: 4 },
            estimators: ['s-infonce'],
            iwae: { samples: 50 },
          },
          'run.json',
        ),
        { directory },
      );
    const [given, guessed] = [await run(model), await run({ checkpoint: model.checkpoint })];
    expect(guessed.perDatum).toEqual(given.perDatum);
    expect(given.warnings).toEqual([]);
    expect(given.notes).toBeUndefined();
    expect(guessed.notes).toEqual(guessed.warnings);
    expect(guessed.warnings).toEqual([
      expect.stringMatching(/layers were guessed/),
      expect.stringMatching(/likelihood was guessed/),
    ]);
  });

  it('gives real digits a log-likelihood like that of a VAE', async () => {
    const spec = {
      kind: 'evidence',
      model,
      data: { file: 'mnist/t10k-images-idx3-ubyte.gz', limit: 4, binarise: 'threshold' },
      estimators: ['im-ais'],
      ais: { chains: 2, temperatures: 60, leapfrog: 4 },
    };
    const result = await drive(parseRunFile(spec, 'run.json'), { directory });
    const { value, side } = boundOf(result, 'im-ais', 'lower');
    // Good models of binary MNIST reach −85 to −105 nats; this one was trained on grey levels.
    expect([side, result.bounds.length]).toEqual(['lower', 1]);
    expect(value).toBeGreaterThan(-200);
    expect(value).toBeLessThan(-60);
  });
});

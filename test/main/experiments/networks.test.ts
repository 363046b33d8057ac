import { describe, expect, it } from 'vitest';
import type { KeptFile } from '../../../src/main/experiments';
import type { Result } from '../../../src/shared/result';
import { lg2 } from '../../support/linearModel';
import { workbench } from '../../support/runs';

const bench = workbench();
const model = bench.linear(lg2);
const network = { type: 'network', hidden: [4], iterations: 0, batch: 8 };
const q = { ...network, name: 'q' };
const contrast = { ...network, name: 'c', objective: 'giwae', base: 'q', samples: 4 };
const draft = { model, data: { simulate: 4 }, ais: { chains: 2, temperatures: 3 }, iwae: { samples: 5 } };

const keep = ({ name, bytes }: KeptFile) => ({ name, path: bench.file(name, bytes), sha256: '' });
const lines = ({ bounds }: Result): string[] =>
  bounds.map(({ estimator, side, base, samples }) => [estimator, side, base, samples].join(' '));

/** Refused, and before any update of a network was made. */
async function refused(more: object, message: RegExp): Promise<void> {
  const stages: string[] = [];
  const onEvent = ({ stage }: { readonly stage: string }): void => void stages.push(stage);
  await expect((async () => bench.run({ ...draft, ...more }, { onEvent }))()).rejects.toThrow(message);
  expect(stages.filter((stage) => stage.startsWith('training'))).toEqual([]);
}

describe('names of networks', () => {
  it('are told apart where capitals are not: networks are kept as files', () =>
    refused(
      { estimators: ['ba'], proposals: [q, { ...q, name: 'Q' }] },
      /proposals\[1\]\.name: "Q" is taken by another.*capitals/,
    ));

  it('are none that other distributions have', () =>
    refused({ estimators: ['ba'], proposals: [{ ...q, name: 'gaussian' }] }, /is no name for a network/));

  it('leave that of the base which a critic trains along to it', () =>
    refused(
      {
        estimators: ['giwae'],
        proposals: [q, { ...q, name: 'c-base' }],
        critics: [{ ...contrast, trainBase: true }],
      },
      /critics\[0\]\.name: its base is called "c-base", and so is another network/,
    ));
});

describe('what is named twice', () => {
  it('is reported once: estimators, and numbers of samples', async () => {
    const once = {
      ...draft,
      estimators: ['giwae', 'iwae'],
      proposals: [q],
      critics: [contrast],
      contrastive: { samples: 3 },
    };
    const twice = { ...once, estimators: ['giwae', 'giwae', 'iwae', 'iwae'], contrastive: { samples: [3, 3] } };
    const expected = lines(await bench.run(once));
    expect(expected).toHaveLength(3);
    expect(lines(await bench.run({ ...twice, iwae: { samples: [5, 5] } }))).toEqual(expected);
  });

  it('is refused where it is spelled in two ways: the prior, and a Gaussian that is the prior', () =>
    refused(
      { estimators: ['im-ais'], ais: { initial: ['prior', { type: 'gaussian', mean: 0, std: 1 }] } },
      /ais\.initial: names "prior" twice/,
    ));
});

describe('before anything is trained', () => {
  const proposals = [{ ...q, iterations: 3 }];
  it('a Gaussian of another dimension is refused', () =>
    refused(
      { estimators: ['iwae'], proposals, iwae: { proposal: { type: 'gaussian', mean: [0, 0, 0], std: 1 } } },
      /iwae\.proposal\.mean: has 3 numbers/,
    ));

  it('a kept network that is not there is refused', async () => {
    const saved = { type: 'saved', name: 's', file: 'missing.safetensors' };
    await refused({ estimators: ['ba'], proposals: [...proposals, saved] }, /missing\.safetensors: no such file/);
    await refused({ estimators: ['infonce'], proposals, critics: [saved] }, /missing\.safetensors: no such file/);
  });

  it('minibatches that fit in no memory are refused', async () => {
    const huge = { batch: 60_000, samples: 100_000 };
    await refused(
      { estimators: ['giwae'], proposals, critics: [{ ...contrast, ...huge }] },
      /critics\[0\]\.batch: 100000 samples for each of 60000 pairs in a layer of 4 do not fit/,
    );
    await refused(
      { estimators: ['ba'], proposals: [...proposals, { ...q, name: 'i', objective: 'iwae', ...huge }] },
      /proposals\[1\]\.batch: 100000 samples/,
    );
    // The same numbers say nothing where they are not read.
    const idle = { ...network, batch: 8, samples: 100_000 };
    const critics = [{ ...idle, name: 'e', objective: 'mine-ais', transitions: 0 }];
    const result = await bench.run({ ...draft, estimators: ['ba'], proposals: [{ ...idle, name: 'f' }], critics });
    expect(result.status).toBe('done');
  });

  it('more posterior samples than fit in memory are refused', () =>
    refused(
      { estimators: ['riwae'], proposals, data: { simulate: 10 }, iwae: { samples: 16_000_000 } },
      /iwae\.samples: "riwae" would hold 16000000 posterior samples/,
    ));
});

describe('a kept critic', () => {
  it('with a base of its own needs no proposal in the run file, and serves what a base that is no prior serves', async () => {
    await bench.run(
      { ...draft, estimators: ['ba'], proposals: [q], critics: [{ ...contrast, trainBase: true }] },
      { keep },
    );
    const critics = [{ type: 'saved', name: 'again', file: 'c.safetensors' }];
    const result = await bench.run({ ...draft, estimators: ['giwae'], critics, contrastive: { samples: 3 } });
    expect(lines(result)).toEqual(['giwae lower again-base 3']);
    expect(result.warnings).toEqual([]);
    await refused({ estimators: ['infonce'], critics }, /"infonce" needs a critic whose base is the prior/);
    const clash = { ...q, name: 'again-base', iterations: 3 };
    await refused({ estimators: ['giwae'], critics, proposals: [clash] }, /its base is called "again-base"/);
  });

  it('that corrects another kind of base than it was trained for says so', async () => {
    await bench.run({ ...draft, estimators: ['ba'], proposals: [q], critics: [{ ...contrast, name: 'd' }] }, { keep });
    const saved = { type: 'saved', name: 'd', file: 'd.safetensors' };
    const wrong = await bench.run({ ...draft, estimators: ['infonce'], critics: [saved] });
    expect(wrong.warnings).toContainEqual(
      expect.stringMatching(/"d" was trained to correct the proposal "q" and corrects the prior here/),
    );
    const right = await bench.run({
      ...{ ...draft, estimators: ['giwae'], proposals: [q], critics: [{ ...saved, base: 'q' }] },
    });
    expect(right.warnings).toEqual([]);
  });
});

describe('learning curves', () => {
  it('are in nats, but for the share of proposals that HMC accepts', async () => {
    const energy = { ...network, name: 'e', objective: 'mine-ais', iterations: 2, transitions: 1, leapfrog: 1 };
    const { series } = await bench.run({ ...draft, estimators: ['infonce'], critics: [energy] });
    expect(series.map(({ name, y }) => [name, y.unit])).toEqual([
      ['training e, energy difference', 'nats'],
      ['training e, acceptance of HMC', undefined],
    ]);
  });
});

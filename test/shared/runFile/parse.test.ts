import { describe, expect, it } from 'vitest';
import { parseRunFile, RunFileError } from '../../../src/shared/runFile';
import { modelRun } from '../../support/modelRun';

type Fields = Record<string, unknown>;

const model = { checkpoint: 'vae.pth' };
const mutualInformation = { kind: 'mutual-information', model, data: { simulate: 8 } };
const evidence = { kind: 'evidence', model, data: { file: 'images.gz' } };

const withModel = (fields: Fields) => ({ ...mutualInformation, model: { ...model, ...fields } });
const withLayer = (layer: unknown) => withModel({ decoder: [{ linear: 'fc3' }, layer] });
const withAis = (ais: Fields) => ({ ...mutualInformation, ais });
const withData = (data: unknown) => ({ ...evidence, data });

function refusal(value: unknown): RunFileError {
  try {
    parseRunFile(value, 'run.json');
  } catch (error) {
    if (error instanceof RunFileError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(value)} was accepted`);
}

describe('run files that are right', () => {
  it('the one of the design document', () => {
    const written = {
      kind: 'mutual-information',
      model: {
        checkpoint: 'vae_epoch_25.pth',
        decoder: [{ linear: 'fc3' }, 'relu', { linear: 'fc4' }],
        likelihood: { type: 'bernoulli' },
      },
      data: { simulate: 32 },
      estimators: ['im-ais', 'cr-ais', 'iwae'],
      ais: {
        chains: 8,
        temperatures: 1000,
        leapfrog: 10,
        schedule: { type: 'sigmoid', rad: 4 },
        initial: 'prior',
      },
      iwae: { samples: 1000, proposal: 'prior' },
      seed: 0,
      device: 'cpu',
    };
    const parsed = parseRunFile(written, 'run.json');
    expect(parsed).toMatchObject({ ...written, ais: { ...written.ais, acceptance: 0.65 } });
  });

  it('as little as possible, filled with defaults', () => {
    expect(parseRunFile(mutualInformation, 'run.json')).toMatchObject({
      ...mutualInformation,
      estimators: ['im-ais', 'cr-ais', 'iwae'],
      ais: {
        chains: 16,
        temperatures: 500,
        leapfrog: 10,
        schedule: { type: 'sigmoid', rad: 4 },
        initial: 'prior',
        acceptance: 0.65,
      },
      iwae: { samples: 1000, proposal: 'prior' },
      seed: 0,
      device: 'cpu',
    });
  });

  it('evidence on a file', () => {
    expect(modelRun(evidence).data).toMatchObject({
      file: 'images.gz',
      offset: 0,
      limit: 128,
      binarise: 'none',
    });
    expect(modelRun(withData({ simulate: 4 })).data).toEqual({ simulate: 4 });
  });

  it('every kind of layer and initial distribution', () => {
    const decoder = [
      'leakyRelu',
      { leakyRelu: 0.2 },
      { reshape: [64, 7, 7] },
      { conv: 'a', stride: [2, 1], padding: 1 },
      { convTranspose: 'b', stride: 2, outputPadding: 1 },
      { batchNorm: 'c' },
    ];
    const initial = { type: 'gaussian', mean: [0, 1], std: 0.5 };
    const value = {
      ...withModel({ decoder, likelihood: { type: 'gaussian', logVariance: 'log_var' } }),
      ais: { initial },
    };
    expect(modelRun(value).model.decoder).toHaveLength(6);
  });
});

describe('run files that are wrong', () => {
  it.each<[what: string, value: unknown, message: string]>([
    ['a list', [], 'the run file is []. It must be an object.'],
    ['nothing', null, 'the run file is null. It must be an object.'],
    ['a text', 'demo', 'the run file is "demo". It must be an object.'],
    [
      'no kind',
      { model, data: { simulate: 8 } },
      'kind is missing. It must be one of "mutual-information", "evidence", "target", "vae", "importance-flow", "coverage".',
    ],
    [
      'a misspelt kind',
      { ...mutualInformation, kind: 'mutual-informatoin' },
      'kind is "mutual-informatoin". Did you mean "mutual-information"? It must be one of "mutual-information", "evidence", "target", "vae", "importance-flow", "coverage".',
    ],
    [
      'a kind of another type',
      { ...evidence, kind: 3 },
      'kind is 3. It must be one of "mutual-information", "evidence", "target", "vae", "importance-flow", "coverage".',
    ],

    ['a misspelt field', { ...evidence, sed: 1 }, 'sed is not a field. Did you mean "seed"?'],
    ['an unknown field in model', withModel({ decodr: [] }), 'model.decodr is not a field. Did you mean "decoder"?'],
    [
      'an unknown field in model, like nothing',
      withModel({ zzzzz: 1 }),
      'model.zzzzz is not a field. Remove it; the fields here are checkpoint, decoder, likelihood.',
    ],
    [
      'an unknown field in ais',
      withAis({ tempratures: 5 }),
      'ais.tempratures is not a field. Did you mean "temperatures"?',
    ],
    [
      'an unknown field in a schedule',
      withAis({ schedule: { type: 'linear', rad: 4 } }),
      'ais.schedule.rad is not a field. Remove it; the fields here are type.',
    ],
    [
      'an unknown field in iwae',
      { ...evidence, iwae: { sample: 5 } },
      'iwae.sample is not a field. Did you mean "samples"?',
    ],
    [
      'an unknown field in the initial distribution',
      withAis({ initial: { type: 'gaussian', sd: 1 } }),
      'ais.initial.sd is not a field. Did you mean "std"?',
    ],
    ['an unknown field in data', withData({ file: 'a', limt: 3 }), 'data.limt is not a field. Did you mean "limit"?'],
    [
      'an unknown field in a likelihood',
      withModel({ likelihood: { type: 'bernoulli', sigma: 1 } }),
      'model.likelihood.sigma is not a field. Remove it; the fields here are type.',
    ],
    [
      'an inherited name',
      JSON.parse('{"kind":"evidence","__proto__":{}}'),
      '__proto__ is not a field. Remove it; the fields',
    ],
    ['an odd name', { ...evidence, 'a b\n': 1 }, '"a b\\n" is not a field. Remove it;'],

    ['a missing model', { ...evidence, model: undefined }, 'model is missing. It must be an object.'],
    ['a missing checkpoint', { ...evidence, model: {} }, 'model.checkpoint is missing. It must be a text.'],
    [
      'an empty checkpoint',
      { ...evidence, model: { checkpoint: '' } },
      'model.checkpoint is "". It must not be empty.',
    ],
    ['missing data', { ...evidence, data: undefined }, 'data is missing. It must be an object.'],

    ['no chains', withAis({ chains: 0 }), 'ais.chains is 0. It must be at least 1.'],
    ['half a chain', withAis({ chains: 1.5 }), 'ais.chains is 1.5. It must be a whole number.'],
    ['chains as text', withAis({ chains: '4' }), 'ais.chains is "4". It must be a number.'],
    ['chains as null', withAis({ chains: null }), 'ais.chains is null. It must be a number.'],
    ['too many chains', withAis({ chains: 1e9 }), 'ais.chains is 1000000000. It must be at most 1000000.'],
    ['no step', withAis({ stepSize: 0 }), 'ais.stepSize is 0. It must be more than 0.'],
    ['full acceptance', withAis({ acceptance: 1 }), 'ais.acceptance is 1. It must be at most 0.99.'],
    ['a negative gap', withAis({ gap: -1 }), 'ais.gap is -1. It must be more than 0.'],
    ['an endless seed', { ...evidence, seed: JSON.parse('1e999') as number }, 'seed is Infinity. It must be a number.'],
    ['a huge seed', { ...evidence, seed: 2 ** 60 }, 'seed is 1152921504606847000. It must be'],
    [
      'no simulated data',
      { ...mutualInformation, data: { simulate: 0 } },
      'data.simulate is 0. It must be at least 1.',
    ],
    ['a long name', { ...evidence, name: 'x'.repeat(300) }, 'It must have at most 200 characters.'],

    [
      'a misspelt estimator',
      { ...evidence, estimators: ['crais'] },
      'estimators[0] is "crais". Did you mean "cr-ais"?',
    ],
    ['no estimator', { ...evidence, estimators: [] }, 'estimators is []. It must have at least 1 entry.'],
    ['an estimator alone', { ...evidence, estimators: 'ais' }, 'estimators is "ais". It must be a list.'],
    [
      'an unknown device',
      { ...evidence, device: 'gpu' },
      'device is "gpu". Did you mean "cpu"? It must be one of "cpu", "webgpu",',
    ],

    [
      'a misspelt activation',
      withLayer('relux'),
      'model.decoder[1] is "relux". Did you mean "relu"? It must be one of "relu", ',
    ],
    ['a misspelt layer', withLayer({ liner: 'fc4' }), 'model.decoder[1].liner is not a field. Did you mean "linear"?'],
    ['a layer without a name', withLayer({ linear: 3 }), 'model.decoder[1].linear is 3. It must be a text.'],
    [
      'a field of another layer',
      withLayer({ linear: 'fc4', stride: 2 }),
      'model.decoder[1].stride is not a field. Remove it; the fields here are linear.',
    ],
    [
      'a stride of nothing',
      withLayer({ conv: 'a', stride: 0 }),
      'model.decoder[1].stride is 0. It must be at least 1.',
    ],
    [
      'three strides',
      withLayer({ conv: 'a', stride: [1, 1, 1] }),
      'stride is [1, 1, 1]. It must have at most 2 entries.',
    ],
    ['a stride as text', withLayer({ conv: 'a', stride: '2' }), 'stride is "2". It must be a number or a list.'],
    [
      'a misspelt stride',
      withLayer({ conv: 'a', strid: 2 }),
      'model.decoder[1].strid is not a field. Did you mean "stride"?',
    ],
    [
      'an unknown layer',
      withLayer({ dropout: 0.5 }),
      '{"linear": …}, {"conv": …}, {"convTranspose": …}, {"batchNorm": …}',
    ],
    ['an empty layer', withLayer({}), 'model.decoder[1] is {}. It must be one of "relu", '],
    ['a number as a layer', withLayer(5), 'model.decoder[1] is 5. It must be one of "relu", '],
    ['a shape of nothing', withLayer({ reshape: [4, 0] }), 'model.decoder[1].reshape[1] is 0. It must be more than 0.'],
    ['no layers', withModel({ decoder: [] }), 'model.decoder is []. It must have at least 1 entry.'],

    [
      'a misspelt likelihood',
      withModel({ likelihood: { type: 'gausian', sigma: 1 } }),
      'model.likelihood.type is "gausian". Did you mean "gaussian"? It must be "bernoulli" or "gaussian".',
    ],
    ['a likelihood of no type', withModel({ likelihood: { sigma: 1 } }), 'model.likelihood.type is missing.'],
    [
      'a likelihood as text',
      withModel({ likelihood: 'bernoulli' }),
      'model.likelihood is "bernoulli". It must be an object.',
    ],
    [
      'a negative sigma',
      withModel({ likelihood: { type: 'gaussian', sigma: -1 } }),
      'model.likelihood.sigma is -1. It must be at least 0.000001.',
    ],
    [
      'no variance',
      withModel({ likelihood: { type: 'gaussian' } }),
      'model.likelihood needs either "sigma" or "logVariance". Give exactly one of them.',
    ],

    ['data from a file', { ...mutualInformation, data: { file: 'a' } }, 'data.file is not a field.'],
    [
      'data of both forms',
      withData({ simulate: 4, limit: 3 }),
      'data.limit is not a field. Remove it; the fields here are simulate.',
    ],
    ['data of no form', withData({}), 'data is {}. It must be {"simulate": …} or {"file": …}.'],
    ['data as text', withData('mnist'), 'data is "mnist". It must be an object.'],
    ['no data from a file', withData({ file: 'a', limit: 0 }), 'data.limit is 0. It must be at least 1.'],
    [
      'a wrong choice',
      withData({ file: 'a', binarise: 'yes' }),
      'data.binarise is "yes". It must be "none", "threshold" or "stochastic".',
    ],

    ['a misspelt initial', withAis({ initial: 'priro' }), 'ais.initial is "priro". Did you mean "prior"?'],
    ['an initial of no form', withAis({ initial: 5 }), 'ais.initial is 5. It must be "prior", an object or a list.'],
    [
      'an initial without width',
      withAis({ initial: { type: 'gaussian' } }),
      'ais.initial.std is missing. It must be a number or a list.',
    ],
    [
      'an initial of no width',
      withAis({ initial: { type: 'gaussian', std: [1, 0] } }),
      'ais.initial.std[1] is 0. It must be at least 0.000001.',
    ],
    ['a schedule as text', withAis({ schedule: 'linear' }), 'ais.schedule is "linear". It must be an object.'],
    [
      'a misspelt schedule',
      withAis({ schedule: { type: 'sigmoidal' } }),
      'ais.schedule.type is "sigmoidal". Did you mean "sigmoid"?',
    ],
  ])('%s', (_what, value, message) => {
    const error = refusal(value);
    expect(error.message).toMatch(/^run\.json: /);
    expect(error.message).toContain(message);
    expect(error.message).not.toMatch(/\n|undefined|Invalid input/);
    expect(error.message.length).toBeLessThanOrEqual(600);
    expect(error.where).toBe('run.json');
  });

  it('names the field apart from the sentence', () => {
    expect(refusal(withLayer({ liner: 'fc4' })).path).toBe('model.decoder[1].liner');
    expect(refusal([]).path).toBe('');
  });
});

describe('hostile values', () => {
  it('deep, wide and long ones are shown in brief', () => {
    let deep: unknown = 0;
    for (let level = 0; level < 100_000; level += 1) deep = { deep };
    expect(refusal({ ...evidence, model: { checkpoint: deep } }).message).toContain(
      'model.checkpoint is {"deep": {"deep": {"deep": {…}}}}.',
    );
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`field${index}`, index]));
    expect(refusal({ ...evidence, ais: wide }).message.length).toBeLessThan(400);
    expect(refusal({ ...evidence, device: 'x'.repeat(10 ** 6) }).message.length).toBeLessThan(400);
    expect(refusal({ ...evidence, ['y'.repeat(10 ** 6)]: 1 }).message.length).toBeLessThan(400);
    expect(refusal({ ...evidence, estimators: new Array(100_000).fill({}) }).message.length).toBeLessThan(400);
  });

  it('control characters do not reach the terminal', () => {
    expect(refusal({ ...evidence, device: '\u001b[2J\u202e' }).message).not.toMatch(/[\u001b\u202e]/);
  });
});

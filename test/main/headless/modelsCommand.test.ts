import { expect, it } from 'vitest';
import type { Checkpoint, NamedTensor } from '../../../src/main/checkpoints';
import { devicesCommand } from '../../../src/main/headless/devicesCommand';
import { modelBlock, modelsCommand, type DecoderGuess } from '../../../src/main/headless/modelsCommand';
import { fakeTerminal } from '../../support/fakeTerminal';
import { modelRun } from '../../support/modelRun';

function tensor(name: string, shape: number[]): [string, NamedTensor] {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return [name, { name, shape, dtype: 'float32', data: new Float32Array(size) }];
}

const checkpoint = (tensors: [string, NamedTensor][]): Checkpoint => ({
  path: 'vae.pth',
  bytes: 2_612_828,
  sha256: 'ab'.repeat(32),
  format: 'torch-stream',
  tensors: new Map(tensors),
  source: 'the whole file',
  ignored: ['optimizer (dictionary)'],
  metadata: new Map(),
});

const guess: DecoderGuess = {
  decoder: [{ linear: 'fc3' }, 'relu', { conv: 'c', stride: [2, 1], padding: 0 }],
  likelihood: { type: 'bernoulli' },
  latent: 20,
  notes: ['Activations are not stored; relu was assumed.'],
};

function lines(tensors: [string, NamedTensor][], guessed: DecoderGuess = guess): string[] {
  const terminal = fakeTerminal();
  expect(modelsCommand(checkpoint(tensors), guessed, terminal)).toBe(0);
  expect(terminal.err.text).toBe('');
  return terminal.out.lines;
}

it('prints what is in a checkpoint and what it looks like', () => {
  expect(lines([tensor('fc3.weight', [400, 20]), tensor('fc3.bias', [400]), tensor('step', [])])).toEqual([
    'vae.pth',
    'torch-stream · 2.6 MB · 3 tensors · 8,401 numbers',
    `sha256 ${'ab'.repeat(32)}`,
    'Tensors from the whole file.',
    '',
    'tensor         shape  type',
    'fc3.weight  400 × 20  float32',
    'fc3.bias         400  float32',
    'step          scalar  float32',
    '',
    'Left alone: optimizer (dictionary).',
    '',
    'Layers',
    '20 latent dimensions. This is a guess from names and shapes; mend it where it is',
    'wrong.',
    '! Activations are not stored; relu was assumed.',
    '',
    'Model block for a run file',
    '"model": {',
    '  "checkpoint": "vae.pth",',
    '  "decoder": [',
    '    { "linear": "fc3" },',
    '    "relu",',
    '    { "conv": "c", "stride": [2, 1], "padding": 0 }',
    '  ],',
    '  "likelihood": { "type": "bernoulli" }',
    '}',
  ]);
});

it('prints a block that a run file takes', () => {
  const model = JSON.parse(`{${modelBlock('a "b".pth', guess)}}`) as object;
  expect(modelRun({ kind: 'evidence', data: { simulate: 1 }, ...model }).model.decoder).toHaveLength(3);
});

it('says why it recognised nothing', () => {
  expect(lines([tensor('a', [2])], { reason: 'there are no weights' }).slice(-2)).toEqual(
    ['Layers', 'Not recognised: there are no weights. Name them in the run file, as the README']
      .concat('shows.')
      .slice(-2),
  );
});

it('cuts thousands of tensors and long or hostile names short', () => {
  const many = lines(Array.from({ length: 3000 }, (_, index) => tensor(`${'layer'.repeat(30)}\u001b[2J${index}`, [1])));
  expect(many.filter((line) => line.includes('layer'))).toHaveLength(200);
  expect(many.join('')).toContain('… and 2800 more');
  expect(many.join('')).not.toContain('\u001b');
  expect(Math.max(...many.map((line) => line.length))).toBeLessThanOrEqual(80);
});

it('lists devices with reasons', () => {
  const terminal = fakeTerminal();
  const reason = 'Needs Vulkan, whose loader libvulkan.so.1 is not on this machine. Install the package libvulkan1.';
  devicesCommand(
    [
      { name: 'cpu', available: true, detail: 'ONNX Runtime' },
      { name: 'webgpu', available: false, detail: reason },
    ],
    terminal,
  );
  expect(terminal.out.lines).toEqual([
    'name    available  detail',
    'cpu     yes        ONNX Runtime',
    'webgpu  no         Needs Vulkan, whose loader libvulkan.so.1 is not on this',
    '                   machine. Install the package libvulkan1.',
  ]);
});

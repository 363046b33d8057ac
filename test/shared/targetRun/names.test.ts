import { describe, expect, it } from 'vitest';
import { methodNames, methodsIn, warningText } from '../../../src/shared/targetRun/names';

const namesOf = (methods: readonly object[]): string[] => {
  const found = methodsIn({ kind: 'target', target: { type: 'circle-mixture' }, methods });
  return found.map(({ name }) => methodNames(found)(name));
};

describe('names of learned reversals that stand together', () => {
  it('tell the networks that they differ in', () => {
    const [type, steps] = ['ula-mcd', 128];
    expect(namesOf([{ type }, { type, steps, score: { blocks: 1, residual: false } }, { type: 'ula' }])).toEqual([
      'ULA-MCD, K = 64, 3 × residual',
      'ULA-MCD, K = 128, 1 × plain',
      'ULA',
    ]);
    expect(namesOf([{ type, score: { blocks: 0 } }, { type }])).toEqual(['ULA-MCD, linear', 'ULA-MCD, 3 × residual']);
    expect(namesOf([{ type }, { type, steps }])).toEqual(['ULA-MCD, K = 64', 'ULA-MCD, K = 128']);
  });
});

describe('names of annealing flows that stand together', () => {
  it('tell what they differ in', () => {
    const type = 'annealing-flow';
    expect(namesOf([{ type }, { type, baseScale: 8 }, { type, divergence: 'hutchinson' }])).toEqual([
      'Annealing flow, K = 8 + 2',
      'Annealing flow, K = 8 + 2, s₀ = 8',
      'Annealing flow, K = 8 + 2, Hutchinson',
    ]);
    expect(namesOf([{ type }, { type, flow: 'kept.safetensors' }])).toEqual([
      'Annealing flow, K = 8 + 2',
      'Annealing flow, kept',
    ]);
    // Nothing of what is said tells them apart.
    expect(namesOf([{ type }, { type, learningRate: 0.1 }])).toEqual(['Annealing flow', 'Annealing flow 2']);
    expect(namesOf([{ type }])).toEqual(['Annealing flow']);
  });
});

describe('warnings', () => {
  const methods = [{ type: 'ula' }, { type: 'ula', steps: 8 }, { type: 'dais' }];
  const spec = { kind: 'target', target: { type: 'circle-mixture' }, methods };

  it('call a method what tables call it', () => {
    expect(warningText('ula-2: 3 updates were dropped.', spec)).toBe('ULA, K = 8: 3 updates were dropped.');
    expect(warningText('ula has no bound: the weights.', spec)).toBe('ULA, K = 64 has no bound: the weights.');
    expect(warningText('dais0 has no bound.', spec)).toBe('DAIS0 has no bound.');
  });

  it('stay as they are where no method begins them', () => {
    for (const text of ['ulaxy: what?', 'The flow was trained.', 'A bound on ula: none.'])
      expect(warningText(text, spec)).toBe(text);
    expect(warningText('ula: what?', { kind: 'vae' })).toBe('ula: what?');
  });
});

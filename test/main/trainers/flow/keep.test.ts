import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { annealingBetas } from '../../../../src/shared/runFile/methods/annealingFlow';
import { evaluateAnnealingFlow } from '../../../../src/main/trainers/flow/density';
import { annealingFlowFile, readAnnealingFlow } from '../../../../src/main/trainers/flow/keep';
import { trainAnnealingFlow } from '../../../../src/main/trainers/flow/train';
import { finish } from '../../../support/finish';
import { circle, flowContext, quickFlow } from '../../../support/trainedFlow';

const folder = mkdtempSync(path.join(tmpdir(), 'bracket-flow-'));
afterAll(() => rmSync(folder, { recursive: true }));

const six = await circle(6, 8);

describe.each(['float32', 'float64'] as const)('a kept flow, in %s', (precision) => {
  it('draws what it drew before, to the bit', async () => {
    const changes = { blocks: 2, iterations: 4, particles: 300, batch: 32, baseScale: 1.7, net: { timeInput: true } };
    const { spec, settings, bridge } = quickFlow(six, changes);
    const context = await flowContext(precision);
    const { trained } = await finish(trainAnnealingFlow(settings, bridge, context));
    const { steps } = settings;
    const kept = { ...trained, steps, scale: spec.baseScale, betas: annealingBetas(spec) };
    const file = path.join(folder, `${precision}.safetensors`);
    writeFileSync(file, annealingFlowFile('annealing-flow', kept, spec));
    const { network, rule, blocks, scale, ...read } = await readAnnealingFlow(file);
    expect({ network, rule, scale, ...read }).toEqual({
      ...{ network: trained.network, rule: 'rk4', scale: 1.7, steps: 3, betas: [0.5, 1, 1] },
    });
    const options = { samples: 200, steps, scale, keep: 200 };
    const before = await finish(evaluateAnnealingFlow(trained, bridge, options, context));
    const after = await finish(evaluateAnnealingFlow({ network, rule, blocks }, bridge, options, context));
    expect(after.trained).toEqual(before.trained);
    // Another weight in the last place is seen.
    const [first = {}] = blocks;
    const bias = first['0.bias']?.map((value, i) => (i === 0 ? Math.fround(value * (1 + 2 ** -20)) : value));
    const changed = [{ ...first, '0.bias': bias ?? new Float64Array(0) }, ...blocks.slice(1)];
    const other = await finish(evaluateAnnealingFlow({ network, rule, blocks: changed }, bridge, options, context));
    expect(other.trained).not.toEqual(before.trained);
  });
});

describe('a file that is no flow', () => {
  it('is refused in one line', async () => {
    const { spec, settings } = quickFlow(six);
    const { network, rule } = settings;
    const whole = { network, rule, blocks: [], steps: 3, scale: 1, betas: annealingBetas(spec) };
    const empty = path.join(folder, 'empty.safetensors');
    writeFileSync(empty, annealingFlowFile('annealing-flow', whole, spec));
    await expect(readAnnealingFlow(empty)).rejects.toThrow(
      `${empty}: is no annealing flow that Bracket has kept. Name one of a run’s artifacts.`,
    );
  });

  it('is refused where it would keep a run busy for ever', async () => {
    const { spec } = quickFlow(six);
    const network = { dim: 2, hidden: [], activation: 'tanh', timeInput: false } as const;
    const blocks = [{ '0.weight': new Float64Array(4), '0.bias': new Float64Array(2) }];
    const kept = { network, rule: 'rk4', blocks, steps: 3, scale: 1, betas: [1] } as const;
    const file = path.join(folder, 'endless.safetensors');
    writeFileSync(file, annealingFlowFile('annealing-flow', kept, spec));
    expect((await readAnnealingFlow(file)).steps).toBe(3);
    writeFileSync(file, annealingFlowFile('annealing-flow', { ...kept, steps: 1e12 }, spec));
    await expect(readAnnealingFlow(file)).rejects.toThrow(/is no annealing flow that Bracket has kept/);
  });
});

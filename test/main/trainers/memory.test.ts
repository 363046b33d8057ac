import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { openDevice } from '../../../src/main/tensor/devices';
import { train, type TrainingProgress } from '../../../src/main/trainers';
import { gaussianNetwork } from '../../../src/main/models/conditionalGaussian';
import { proposalProblem } from '../../../src/main/trainers/proposal';
import { proposalSchema, type NetworkProposalSpec } from '../../../src/shared/runFile';
import { lg2 } from '../../support/linearModel';
import { linearModel } from '../../support/models';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes in use once all that nobody holds is gone: objects and array buffers, and the whole process. */
function memory(): { readonly held: number; readonly resident: number } {
  // Buffers are freed a turn after their arrays.
  collect();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { held: heapUsed + external, resident: rss };
}

const width = 256;
/** Of the network's parameters. */
const networkBytes = 4 * (width * 3 + width + width * width + width + 4 * width + 4);

/** How much more is in use after `until` updates than after 200. @param keep is called with each update */
async function growth(
  until: number,
  keep: (progress: TrainingProgress) => void,
): Promise<{ held: number; resident: number }> {
  const model = linearModel(lg2);
  const device = await openDevice('cpu');
  const spec = {
    ...(proposalSchema.parse({ type: 'network', name: 'q', hidden: [width, width] }) as NetworkProposalSpec),
    ...({ objective: 'symmetric-kl', batch: 4, iterations: 2000 } as const),
  };
  const gaussian = gaussianNetwork({ latent: 2, outputs: 3, hidden: spec.hidden, activation: 'relu' });
  const context = { model, device, seed: 0, x: new Float32Array(3), count: 1 };
  const training = train(proposalProblem(spec, context, gaussian));
  let early = { held: Number.NaN, resident: Number.NaN };
  for (;;) {
    const { done, value } = await training.next();
    if (done === true) throw new Error('The training ended before it was measured.');
    keep(value);
    if (value.iteration === 200) early = memory();
    if (value.iteration < until) continue;
    const late = memory();
    await training.return(undefined as never);
    return { held: late.held - early.held, resident: late.resident - early.resident };
  }
}

// A copy of the network left behind by each of 1,800 updates would be 490 MB, one number with its object some 100 kB. What the process has
// from the system moves by tens of megabytes with the pages that the garbage collector happens to touch.
const mostHeld = 1e6;
const mostResident = 80e6;

it('uses no more memory after 2,000 updates than after 200', async () => {
  const { held, resident } = await growth(2000, () => undefined);
  expect(held).toBeLessThan(mostHeld);
  expect(resident).toBeLessThan(mostResident);
});

it('is found out where each update leaves the network behind', async () => {
  const left: unknown[] = [];
  const { held, resident } = await growth(600, (progress) => left.push(progress.capture().parameters));
  expect(left).toHaveLength(600);
  expect(held).toBeGreaterThan(Math.max(mostHeld, 390 * networkBytes));
  expect(resident).toBeGreaterThan(mostResident);
});

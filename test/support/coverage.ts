import { setImmediate } from 'node:timers/promises';
import {
  coverageCard,
  type CoverageInputs,
  type CoverageOptions,
  type CoverageProgress,
  type Points,
} from '../../src/main/coverage';
import { classifierSteps } from '../../src/main/coverage/classifierTest';
import { climbSteps } from '../../src/main/coverage/clusters';
import { frechetSteps, gaussianWassersteinSteps, momentsSteps } from '../../src/main/coverage/gaussianWasserstein';
import { steinSteps } from '../../src/main/coverage/ksd';
import { marginalSteps } from '../../src/main/coverage/marginals';
import { mmdSums, type Kernel, type Mmd } from '../../src/main/coverage/mmd';
import { visitPairs } from '../../src/main/coverage/pairs';
import { prdcSums } from '../../src/main/coverage/prdc';
import { maxSlicedSteps, slicedSteps } from '../../src/main/coverage/sliced';
import { finished } from '../../src/main/coverage/turns';
import type { CoverageCard } from '../../src/shared/coverage';

// Metrics of coverage from their first turn to their last, for tests that need no pause between.

function whole<Given extends readonly unknown[], Result>(
  steps: (...given: Given) => Generator<unknown, Result>,
): (...given: Given) => Result {
  return (...given) => finished(steps(...given));
}

export const classifierTest = whole(classifierSteps);
export const frechetDistance = whole(frechetSteps);
export const gaussianWasserstein = whole(gaussianWassersteinSteps);
export const marginals = whole(marginalSteps);
export const maxSliced = whole(maxSlicedSteps);
export const momentsOf = whole(momentsSteps);
export const slicedWasserstein = whole(slicedSteps);
export const steinDiscrepancy = whole(steinSteps);

export async function localMaxima(...given: Parameters<typeof climbSteps>) {
  const steps = climbSteps(...given);
  for (;;) {
    const next = await steps.next();
    if (next.done === true) return next.value;
  }
}

/** MMD² of one kernel by a pass of its own. */
export function mmd(x: Points, y: Points, kernel: Kernel, weights?: Float64Array): Mmd {
  const sums = mmdSums(kernel, x.count, y.count, weights);
  finished(visitPairs(x, y, [sums]));
  return sums.result();
}

/** Precision, recall, density and coverage by a pass of their own. */
export function prdc(generated: Points, real: Points, options: Parameters<typeof prdcSums>[2] = {}) {
  const sums = prdcSums(generated.count, real.count, options);
  finished(visitPairs(generated, real, [sums]));
  return sums.result();
}

/** Runs a card to its end, letting other events through between its steps. */
export async function finishedCard(
  inputs: CoverageInputs,
  options: Partial<CoverageOptions> = {},
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (progress: CoverageProgress) => void } = {},
): Promise<CoverageCard> {
  const steps = coverageCard(inputs, options, signal);
  for (;;) {
    const next = await steps.next();
    if (next.done === true) return next.value;
    onProgress?.(next.value);
    await setImmediate();
  }
}

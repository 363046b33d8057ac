import { describe, expect, it } from 'vitest';
import { ais } from '../../../src/main/bounds/ais';
import { crAis } from '../../../src/main/bounds/crAis';
import { imAis } from '../../../src/main/bounds/imAis';
import type { ChainWeights } from '../../../src/main/bounds/types';
import { compileAnnealing } from '../../../src/main/samplers/annealedPrograms';
import { betasOf } from '../../../src/main/samplers/schedule';
import { openDevice } from '../../../src/main/tensor/devices';
import { fillNormals } from '../../../src/main/tensor/random/streams';
import { annealed, pairsOf, problemOf, repeated } from '../../support/annealing';
import { lg2, logEvidence } from '../../support/linearModel';
import { linearModel } from '../../support/models';
import { contradicts } from '../../support/moments';

/**
 * The real chains, HMC and all, started wrongly on purpose. The check that the runs are held to must reject them: a suite that passes
 * with a biased estimator tests nothing. Seen on the way: with 60 temperatures and ten leapfrog steps the chains forget where they
 * started and the bounds hold all the same, so chains here are short.
 */
const [chains, data, temperatures] = [4, 300, 4];

type Start = 'prior' | 'exact';
async function weights(forwardStart: Start, reverseStart: Start, shift = 0): Promise<ChainWeights[]> {
  const programs = await compileAnnealing(problemOf(await openDevice('cpu'), linearModel(lg2)), chains, data);
  const pairs = pairsOf(lg2, data, 21);
  const place = { seed: 8, firstChain: 0, chains, firstDatum: 0, data };
  const starts = (from: Start, stream: 'forwardInitial' | 'pilotInitial'): Float32Array => {
    const z = repeated(pairs.z, chains);
    if (from === 'prior') fillNormals(z, { ...place, stream, step: 0, width: 2 });
    return z;
  };
  const betas = betasOf({ type: 'linear' }, temperatures);
  const run = async (direction: 'forward' | 'reverse', start: Float32Array): Promise<Float64Array> => {
    const { logWeights } = await annealed(programs, {
      direction,
      start,
      inputs: { x: Float32Array.from(pairs.x.flat()) },
      // A shift plants increments with the β of their neighbours.
      betas: betas.map((beta, t) => (t === 0 || t === temperatures ? beta : beta + shift)),
      stepSizes: betas.map(() => 0.15),
      jitter: 0.2,
      leapfrog: 5,
      noise: { ...place, momentum: `${direction}Momentum`, accept: `${direction}Accept` },
    });
    return logWeights;
  };
  const forward = await run('forward', starts(forwardStart, 'forwardInitial'));
  const reverse = await run('reverse', starts(reverseStart, 'pilotInitial'));
  await programs.dispose();
  const column = (all: Float64Array, datum: number): number[] =>
    Array.from({ length: chains }, (_, chain) => all[chain * data + datum] ?? NaN);
  return pairs.x.map((_, datum) => ({ forward: column(forward, datum), reverse: column(reverse, datum) }));
}

const truth = pairsOf(lg2, data, 21).x.map((x) => logEvidence(lg2, x));
const rejected = (all: ChainWeights[], side: 'lower' | 'upper', estimator: typeof ais): boolean =>
  contradicts(
    side,
    all.map((each) => estimator(each)[side] ?? NaN),
    truth,
  );

describe('the check of whole chains', () => {
  it('accepts them as they should be', async () => {
    const sound = await weights('prior', 'exact');
    expect([ais, imAis].map((estimator) => rejected(sound, 'lower', estimator))).toEqual([false, false]);
    expect([ais, imAis, crAis].map((estimator) => rejected(sound, 'upper', estimator))).toEqual([false, false, false]);
  });

  it('rejects forward chains that start at the z of the simulated data, as when random numbers are used twice', async () => {
    const broken = await weights('exact', 'exact');
    expect([ais, imAis].map((estimator) => rejected(broken, 'lower', estimator))).toEqual([true, true]);
  });

  it('rejects reverse chains that start at a draw of the prior', async () => {
    const broken = await weights('prior', 'prior');
    expect([ais, imAis, crAis].map((estimator) => rejected(broken, 'upper', estimator))).toEqual([true, true, true]);
  });
});

import type { CoverageCard } from '../../shared/coverage';
import { collapse, forwardMetrics, gapsTo, reverseMetrics } from './densityMetrics';
import type { Draft } from './draft';
import type { CoverageInputs } from './inputs';
import { paretoTail } from './pareto';

const reverseNames = ['elbo', 'logZ', 'ess', 'perplexityEss', 'topShare', 'paretoK'] as const;
const forwardNames = ['eubo', 'logZForward', 'essForward'] as const;

const noWeights = 'The sampler gives no density of its samples (log ρ) and no weights.';
const noRatios = 'It needs the sampler’s density (log ρ) at exact samples of the target.';
const noLogZ = 'log Z of the target is not known.';

/** Bounds, effective sizes and divergences from densities; and the alarms that they give. */
export function densityPart(draft: Draft, inputs: CoverageInputs): CoverageCard['alarms'] {
  const { logWeights, referenceLogRatios, logZ } = inputs;
  draft.start();
  const alarms: CoverageCard['alarms'] = [];
  const reverse = logWeights === undefined ? undefined : reverseMetrics(logWeights);
  const forward = referenceLogRatios === undefined ? undefined : forwardMetrics(referenceLogRatios);
  if (reverse === undefined || logWeights === undefined) draft.lack(reverseNames, noWeights);
  else {
    draft.put('elbo', reverse.elbo);
    draft.put('logZ', reverse.logZ);
    draft.put('ess', { value: reverse.ess });
    draft.put('perplexityEss', { value: reverse.perplexityEss });
    draft.put('topShare', { value: reverse.topShare, expected: 0.01 });
    const tail = paretoTail(logWeights);
    if (tail === undefined) draft.lack(['paretoK'], 'The weights are too few or too equal to have a tail.');
    else {
      draft.put('paretoK', { value: tail.k, parameters: { tail: tail.tail } });
      if (tail.k > 0.7)
        alarms.push({
          id: 'heavy-weights',
          text: `A few weights decide everything (Pareto k ${tail.k.toFixed(2)}, above 0.7): reweighted values and log Z are not to be trusted.`,
        });
    }
  }
  if (forward === undefined) draft.lack(forwardNames, noRatios);
  else {
    draft.put('eubo', forward.eubo);
    draft.put('logZForward', forward.logZ);
    draft.put('essForward', { value: forward.ess });
  }
  const gaps = logZ === undefined ? {} : gapsTo(logZ, reverse, forward);
  for (const name of ['logZError', 'reverseKl', 'forwardKl'] as const) {
    const gap = gaps[name];
    if (gap !== undefined) draft.put(name, gap);
    else draft.lack([name], logZ === undefined ? noLogZ : name === 'forwardKl' ? noRatios : noWeights);
  }
  // Where log Z is unknown, exact samples of the target estimate it from the other side.
  const found = reverse === undefined ? undefined : collapse(reverse, logZ ?? forward?.logZ.value ?? NaN);
  if (found !== undefined && reverse !== undefined)
    alarms.push({
      id: 'collapse',
      text: `The sampler found about ${percent(found.found)} of the mass: log Z from its samples is ${found.missing.toFixed(2)} nats too low, although its effective sample size of ${percent(reverse.ess)} looks fine.`,
    });
  return alarms;
}

function percent(share: number): string {
  return `${(100 * share).toPrecision(share >= 0.1 ? 2 : 1)} %`;
}

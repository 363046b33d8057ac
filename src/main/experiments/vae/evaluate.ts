import { chainBounds } from '../chainBounds';
import { posteriorTarget } from '../annealingTarget';
import type { DatumBounds } from '../datumBounds';
import type { Meter } from '../meter';
import { sampleBounds } from '../sampleBounds';
import { sample } from '../sampling';
import type { RunContext, RunEvent } from '../types';
import { Walk, type WalkRound } from '../walk';
import type { BaseAt } from '../../models';
import type { PilotResult } from '../../samplers/pilot';
import { componentSeed } from '../../trainers';
import { boundsOver, dataAtOnce, type VaeObjective } from '../../trainers/vae/objective';
import type { Best } from '../../trainers/vae/train';
import type { VaeRunSpec } from '../../../shared/runFile';
import type { TrainedModel } from './checkpoint';
import type { VaeData } from './data';
import { annealingOf, evaluationCounts, type VaePlan } from './plan';

/** What the test data say of a trained model. */
export interface VaeEvaluation {
  /** Test data, the first of which the chains were run for. */
  readonly x: Float32Array;
  readonly count: number;
  /** Bounds on log p(x) of all of them. */
  readonly all: readonly DatumBounds[];
  /** Those of annealed chains, of the first. */
  readonly annealed: readonly DatumBounds[];
  readonly walk?: { readonly round: WalkRound; readonly pilot: PilotResult | undefined };
  /** KL(q(z | x) ‖ p(z)) of each, nats. */
  readonly divergence: Float64Array;
  /** E_q[log p(x | z)] of each, nats. */
  readonly reconstruction: Float64Array;
  /** Latent dimensions whose posterior mean moves with x: its variance over the data is above 0.01. */
  readonly activeUnits: number;
}

export interface EvaluateParts {
  readonly spec: VaeRunSpec;
  readonly context: RunContext;
  readonly data: VaeData;
  readonly objective: VaeObjective;
  readonly best: Best;
  readonly trained: TrainedModel;
  readonly plan: VaePlan;
  readonly meter: Meter;
}

/** Judges the best parameters on test data with random numbers of its own: by the trained bound, by samples of q and by annealed chains. */
export async function* evaluateVae(parts: EvaluateParts): AsyncGenerator<RunEvent, VaeEvaluation> {
  const { spec, context, data, trained, meter } = parts;
  const counts = evaluationCounts(spec, data);
  const count = counts.samples;
  const x = data.test.x.subarray(0, count * data.width);
  const at = await trained.base.at(x, count);
  const own = yield* trainedBound(parts, x, count);
  const { device, journal, seconds } = context;
  const { model, base } = trained;
  const K = spec.evaluate.iwae;
  meter.stage = `importance samples, K = ${K.toLocaleString('en')}`;
  const evaluation = { count, x, warnings: [] };
  const seed = componentSeed(spec.seed, 'vae/evaluation');
  const samples = yield* sample(
    {
      ...{ device, model, base, at, data: evaluation, critics: [], weightCounts: [K], criticCounts: [] },
      ...{ seed, meter, journal },
    },
    seconds,
  );
  const iwae = sampleBounds(samples, {
    ...{ base: 'q', weighted: K > 1 ? ['iwae'] : [], weightCounts: [K] },
    ...{ critics: [], contrasted: [], criticCounts: [] },
  });
  // The mean of single log weights: every sample is an estimate of the ELBO.
  const elbo = (samples.fresh.get(K)?.weights ?? []).map(({ mean }) => mean);
  const moments = divergences(at, count, model.decoder.latent);
  const walked = yield* annealedChains(parts, at, x, counts.annealed, seed);
  return {
    x,
    count,
    all: [{ estimator: 'elbo', base: 'q', logPx: { lower: elbo } }, ...own, ...iwae],
    ...walked,
    ...moments,
    reconstruction: moments.divergence.map((divergence, datum) => divergence + (elbo[datum] ?? Number.NaN)),
  };
}

/** The bound that training raised; the ELBO and IWAE with few samples are among what is computed anyway. */
async function* trainedBound(
  { spec, context, objective, best, plan, meter }: EvaluateParts,
  x: Float32Array,
  count: number,
): AsyncGenerator<RunEvent, DatumBounds[]> {
  const { bound } = spec;
  if (bound.type === 'elbo') {
    yield meter.tick(plan.bound * count);
    return [];
  }
  meter.stage = 'the trained bound on the test data';
  const key = 'trained bound';
  let values = context.journal.finished<Float64Array>(key);
  if (values === undefined) {
    const rows = dataAtOnce(objective, count);
    const program = await objective.open(rows);
    try {
      const draws = { seed: componentSeed(spec.seed, 'vae/test'), step: 0 };
      const pieces = boundsOver(program, rows, best.parameters, { x, count }, draws);
      let done = 0;
      for (;;) {
        const next = await pieces.next();
        if (next.done === true) {
          values = next.value;
          break;
        }
        yield meter.tick(plan.bound * (next.value - done));
        done = next.value;
      }
    } finally {
      await program.dispose();
    }
    context.journal.finish(key, values);
  } else yield meter.tick(plan.bound * count);
  const samples = bound.type === 'iwae' ? bound.samples : bound.particles;
  return [{ estimator: bound.type, base: 'q', samples, logPx: { lower: [...values] } }];
}

async function* annealedChains(
  { spec, context, data, trained, meter }: EvaluateParts,
  at: BaseAt,
  x: Float32Array,
  count: number,
  seed: number,
): AsyncGenerator<RunEvent, Pick<VaeEvaluation, 'annealed' | 'walk'>> {
  const ais = annealingOf(spec);
  if (ais === undefined) return { annealed: [] };
  const { device, journal, seconds } = context;
  const { model, base } = trained;
  const walk = new Walk({
    ...{ ais, model, device, seed, meter, journal, seconds },
    target: posteriorTarget(model, base),
    data: { count, x: x.subarray(0, count * data.width), base: at },
    coupled: false,
  });
  try {
    yield* walk.prepare();
    const round = yield* walk.round(ais.temperatures);
    return { annealed: chainBounds(['im-ais'], base.name, round, [ais.chains]), walk: { round, pilot: walk.pilot } };
  } finally {
    await walk.dispose();
  }
}

function divergences(at: BaseAt, count: number, latent: number): Pick<VaeEvaluation, 'divergence' | 'activeUnits'> {
  const { baseMean = new Float32Array(), baseLogStd = new Float32Array() } = at.feeds({ firstDatum: 0, data: count });
  const divergence = new Float64Array(count);
  let activeUnits = 0;
  for (let unit = 0; unit < latent; unit += 1) {
    let [sum, squares] = [0, 0];
    for (let datum = 0; datum < count; datum += 1) {
      const mean = baseMean[datum * latent + unit] ?? Number.NaN;
      const logStd = baseLogStd[datum * latent + unit] ?? Number.NaN;
      divergence[datum] = (divergence[datum] ?? 0) + 0.5 * (mean * mean + Math.exp(2 * logStd) - 1) - logStd;
      sum += mean;
      squares += mean * mean;
    }
    if (squares / count - (sum / count) ** 2 > 0.01) activeUnits += 1;
  }
  return { divergence, activeUnits };
}

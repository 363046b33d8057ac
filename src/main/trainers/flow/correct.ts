import { tQuantile975 } from '../../../shared/statistics';
import { fillNormals, fillUniforms } from '../../tensor/random/streams';
import { componentSeed } from '../componentSeed';
import type { Evaluation, MethodContext, MethodProgress } from '../methodTypes';
import { standardNormalAt, type Bridge } from './bridge';
import { FlowMoves, type Moved } from './moves';
import { FlowPrograms, rowsAtOnce, type AnnealingFlow, type Floats } from './programs';

export interface CorrectionOptions {
  /** In all, shared out evenly. */
  readonly samples: number;
  readonly populations: number;
  /** Share of effective particles below which a population is resampled. */
  readonly threshold: number;
  /** Transitions after each block. */
  readonly moves: number;
  readonly leapfrog: number;
  readonly stepSize: number;
  /** S: Runge–Kutta steps of a block. */
  readonly steps: number;
  /** s₀ */
  readonly scale: number;
}

/** Everything that it goes on from, with equal bits. Survives structured cloning. */
export interface CorrectionSnapshot {
  /** Blocks that particles have gone through. */
  readonly iteration: number;
  /** `[n, d]` */
  readonly x: Floats;
  /** log f of the last block at the particles, `[n]`. */
  readonly log: Float64Array;
  /** Normalised within each population, `[n]`. */
  readonly logWeights: Float64Array;
  /** Of each population so far. */
  readonly logZ: Float64Array;
  /** Populations that were resampled after each block. */
  readonly resampled: readonly number[];
  /** Effective particles before that, as a share, averaged over populations. */
  readonly effective: readonly number[];
  readonly accepted: number;
}

export interface CorrectedEvaluation extends Evaluation {
  readonly resampled: readonly number[];
  readonly effective: readonly number[];
  /** Share of accepted transitions; NaN without any. */
  readonly acceptance: number;
}

/**
 * Sequential Monte Carlo whose proposals are the blocks of a trained flow: each adds log f_k(x_k) + ∫ div v_k − log f_{k−1}(x_{k−1}) to a log
 * weight; particles are resampled where few are effective and moved by transitions that leave f_k as it is. Each population's estimate of Z is
 * unbiased, so that the mean of their logarithms is at most log Z. Without resampling and moves these are the weights of the flow itself.
 * @param resume goes on from there
 */
export async function* correctAnnealingFlow(
  flow: AnnealingFlow,
  bridge: Bridge,
  options: CorrectionOptions,
  { name, device, seed, precision }: Omit<MethodContext, 'target'>,
  resume?: CorrectionSnapshot,
): AsyncGenerator<MethodProgress<CorrectionSnapshot>, CorrectedEvaluation> {
  const { populations, threshold, moves, leapfrog, stepSize, steps, scale } = options;
  const { network, rule, blocks } = flow;
  const { dim } = bridge;
  const each = Math.max(1, Math.floor(options.samples / populations));
  const count = each * populations;
  const own = componentSeed(seed, `${name}/correction`);
  const all = { seed: own, firstChain: 0, chains: 1, firstDatum: 0 };
  let state = resume ?? begin();
  if (state.iteration < blocks.length) {
    const rows = rowsAtOnce(count, dim, network.hidden);
    const common = { device, bridge, precision, rows };
    const programs = await FlowPrograms.open({ ...common, network, rule });
    const moving = await FlowMoves.open(common);
    try {
      while (state.iteration < blocks.length) {
        const block = state.iteration;
        const pushed = await programs.pushAll(state.x, blocks[block] ?? {}, steps);
        const log = await programs.logDensityAll(pushed.x, block);
        const logWeights = state.logWeights.map(
          (weight, i) => weight + (log[i] ?? NaN) + (pushed.divergence[i] ?? NaN) - (state.log[i] ?? NaN),
        );
        const uniforms = new Float64Array(populations);
        fillUniforms(uniforms, { ...all, stream: 'forwardInitial', step: block, data: 1, width: populations });
        const settled = settle({ x: pushed.x, log, logWeights, dim, each, threshold, uniforms });
        let at: Moved = { x: settled.x, log: settled.log, accepted: 0 };
        for (let move = 0; move < moves; move += 1) {
          const noise = { ...all, step: block * moves + move };
          const next = await moving.moveAll(at.x, block, { leapfrog, stepSize }, noise);
          at = { ...next, accepted: at.accepted + next.accepted };
        }
        state = {
          ...{ iteration: block + 1, x: at.x, log: at.log, logWeights: settled.logWeights },
          logZ: state.logZ.map((value, p) => value + (settled.increments[p] ?? NaN)),
          resampled: [...state.resampled, settled.resampled],
          effective: [...state.effective, settled.effective],
          accepted: state.accepted + at.accepted,
        };
        const now = state;
        yield { iteration: now.iteration, report: {}, capture: () => structuredClone(now) };
      }
    } finally {
      await programs.dispose();
      await moving.dispose();
    }
  }
  const gradientEvaluations = blocks.length * moves * (1 + leapfrog) * count;
  const acceptance = moves === 0 ? NaN : state.accepted / (blocks.length * moves * count);
  const { resampled, effective } = state;
  return { ...summary(state, each, dim, scale), resampled, effective, acceptance, gradientEvaluations };

  function begin(): CorrectionSnapshot {
    const x = precision === 'float32' ? new Float32Array(count * dim) : new Float64Array(count * dim);
    fillNormals(x, { ...all, stream: 'pathInitial', step: 0, data: count, width: dim });
    return {
      ...{ iteration: 0, x, resampled: [], effective: [], accepted: 0 },
      log: Float64Array.from({ length: count }, (_, row) => standardNormalAt(x, row * dim, dim)),
      logWeights: new Float64Array(count).fill(-Math.log(each)),
      logZ: new Float64Array(populations),
    };
  }
}

interface Particles {
  readonly x: Floats;
  readonly log: Float64Array;
  /** Not normalised any more. */
  readonly logWeights: Float64Array;
  readonly dim: number;
  /** Particles of a population. */
  readonly each: number;
  readonly threshold: number;
  /** One for each population. */
  readonly uniforms: Float64Array;
}

/** Normalises the weights of each population, and resamples it systematically where few particles are effective. */
function settle({ x, log, logWeights, dim, each, threshold, uniforms }: Particles) {
  const [places, values] = [x.slice(), log.slice()];
  const weights = logWeights.slice();
  const increments = new Float64Array(uniforms.length);
  let [resampled, effective] = [0, 0];
  uniforms.forEach((uniform, population) => {
    const first = population * each;
    const own = weights.subarray(first, first + each);
    const total = logSumExp(own);
    increments[population] = total;
    own.forEach((value, i) => (own[i] = value - total));
    const share = 1 / (each * own.reduce((sum, value) => sum + Math.exp(2 * value), 0));
    effective += share / uniforms.length;
    // A population without a single finite weight stays as it is: its estimate is zero.
    if (!(share < threshold)) return;
    resampled += 1;
    let [parent, below] = [0, Math.exp(own[0] ?? NaN)];
    for (let i = 0; i < each; i += 1) {
      while ((i + uniform) / each > below && parent < each - 1) {
        parent += 1;
        below += Math.exp(own[parent] ?? NaN);
      }
      const from = first + parent;
      for (let j = 0; j < dim; j += 1) places[(first + i) * dim + j] = x[from * dim + j] ?? NaN;
      values[first + i] = log[from] ?? NaN;
    }
    own.fill(-Math.log(each));
  });
  return { x: places, log: values, logWeights: weights, increments, resampled, effective };
}

function summary(state: CorrectionSnapshot, each: number, dim: number, scale: number) {
  const { x, logWeights, logZ } = state;
  const populations = logZ.length;
  const finite = logZ.every(Number.isFinite);
  const value = logZ.reduce((sum, one) => sum + one, 0) / populations;
  const spread = logZ.reduce((sum, one) => sum + (one - value) ** 2, 0) / (populations - 1);
  // Each particle counts as its population's estimate of Z times its share of it.
  const whole = logWeights.map((weight, i) => weight + (logZ[Math.floor(i / each)] ?? NaN) + Math.log(each));
  const estimate = logSumExp(logZ) - Math.log(populations);
  const total = logSumExp(whole);
  const shares = whole.map((weight) => Math.exp(weight - total));
  const samples = Float64Array.from(x, (one) => scale * one);
  const mean = new Float64Array(dim);
  const squares = new Float64Array(dim);
  shares.forEach((share, row) => {
    for (let i = 0; i < dim; i += 1) mean[i] = (mean[i] ?? NaN) + share * (samples[row * dim + i] ?? NaN);
  });
  shares.forEach((share, row) => {
    for (let i = 0; i < dim; i += 1) {
      squares[i] = (squares[i] ?? NaN) + share * ((samples[row * dim + i] ?? NaN) - (mean[i] ?? NaN)) ** 2;
    }
  });
  const average = whole.reduce((sum, weight) => sum + weight, 0) / whole.length;
  return {
    bound: {
      value: finite ? value : NaN,
      ci95: finite ? tQuantile975(populations - 1) * Math.sqrt(spread / populations) : null,
      n: populations,
    },
    estimate,
    logWeightVariance: whole.reduce((sum, weight) => sum + (weight - average) ** 2, 0) / (whole.length - 1),
    effectiveSampleSize: 1 / shares.reduce((sum, share) => sum + share * share, 0),
    largestShare: shares.reduce((most, share) => Math.max(most, share), 0),
    ...{ mean, std: squares.map(Math.sqrt), samples, sampleLogWeights: whole },
    dropped: finite ? 0 : logZ.filter((one) => !Number.isFinite(one)).length,
  };
}

function logSumExp(values: Float64Array): number {
  const top = values.reduce((most, value) => Math.max(most, value), -Infinity);
  if (top === -Infinity) return -Infinity;
  return top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0));
}

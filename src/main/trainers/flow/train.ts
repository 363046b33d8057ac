import { componentSeed } from '../componentSeed';
import { recordCurve, type CurveState, type TrainingCurve } from '../curve';
import { hostAdam, isFinite, startHostAdam, type HostAdamState, type Vectors } from '../hostAdam';
import { patience, type Divergence, type MethodContext, type MethodProgress } from '../methodTypes';
import { compileStep } from '../step';
import { fillNormals, fillUniforms } from '../../tensor/random/streams';
import type { Program } from '../../tensor/types';
import { blockFeeds, type Bridge } from './bridge';
import { blockLoss, lossInputs, type LossSettings } from './loss';
import { FlowPrograms, rowsAtOnce, type AnnealingFlow, type Floats } from './programs';
import { initialVelocity, velocityShapes, type VelocityNetwork } from './velocity';

/** How the blocks of a flow are trained. */
export interface AnnealingFlowSettings extends LossSettings {
  readonly network: VelocityNetwork;
  /** Wasserstein coefficient of each block of the bridge. */
  readonly gammas: readonly number[];
  /** Of each block. */
  readonly iterations: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly clip: number;
  /** Drawn once. */
  readonly particles: number;
}

/** Everything that a training goes on from, with equal bits. Survives structured cloning. Particles are moved again. */
export interface AnnealingFlowSnapshot {
  /** Updates made or dropped, over all blocks. */
  readonly iteration: number;
  /** Weights of the finished blocks. */
  readonly blocks: readonly Vectors[];
  /** Of the block in progress. */
  readonly weights: Vectors;
  readonly optimiser: HostAdamState;
  readonly dropped: number;
  /** Updates dropped one after the other. */
  readonly inARow: number;
  readonly gradientEvaluations: number;
  readonly curve: CurveState;
  readonly diverged?: Divergence;
}

export interface TrainedAnnealingFlow extends AnnealingFlow {
  readonly curve: TrainingCurve;
  readonly iterations: number;
  readonly dropped: number;
  readonly diverged?: Divergence;
  /** Evaluations of the target's gradient, counted over rows. */
  readonly gradientEvaluations: number;
}

const flowQuantities = {
  loss: 'loss',
  energy: 'energy',
  divergence: 'divergence',
  penalty: 'Wasserstein penalty',
  gradientNorm: 'gradient norm',
} as const;

/**
 * Trains the blocks of an annealing flow one after the other. Particles are drawn once from the standard normal; each block learns from
 * minibatches of them, begins with the weights of the block before and an optimiser of its own, and then moves them on.
 * @param resume goes on from there
 * @returns after one yield for each update; with `diverged`, and the blocks up to there, where it ended early
 */
export async function* trainAnnealingFlow(
  settings: AnnealingFlowSettings,
  bridge: Bridge,
  context: Omit<MethodContext, 'target'>,
  resume?: AnnealingFlowSnapshot,
): AsyncGenerator<MethodProgress<AnnealingFlowSnapshot>, TrainedAnnealingFlow> {
  const { network, rule, iterations, batch } = settings;
  const count = bridge.blocks.length;
  const total = count * iterations;
  const names = Object.keys(velocityShapes(network));
  const recorder = recordCurve(total, resume?.curve);
  let state: Omit<AnnealingFlowSnapshot, 'curve'> = resume ?? begin(settings, context);
  if (state.iteration < total) {
    const step = await openStep(settings, bridge, context);
    const particles = await Particles.open(settings, bridge, context);
    try {
      for (const weights of state.blocks) await particles.move(weights);
      while (state.iteration < total) {
        const block = state.blocks.length;
        const found = await step.evaluate(state.weights, block, state.iteration, particles.values);
        const iteration = state.iteration + 1;
        state = { ...state, iteration, gradientEvaluations: state.gradientEvaluations + batch };
        let report: Record<string, number> = {};
        const options = { trained: names, learningRate: settings.learningRate, clip: settings.clip };
        const updated = found && hostAdam(state.weights, found.gradient, state.optimiser, options);
        if (found !== undefined && updated !== undefined && isFinite(updated.parameters, names)) {
          report = found.report;
          state = { ...state, inARow: 0, weights: updated.parameters, optimiser: updated.state };
        } else {
          state = dropped(state, context.name, settings);
        }
        if (state.diverged === undefined && iteration % iterations === 0) {
          const finished = rounded(state.weights);
          const blocks = [...state.blocks, finished];
          state = { ...state, blocks, weights: finished, optimiser: startHostAdam(finished, names) };
          if (iteration < total) await particles.move(finished);
        }
        const point = recorder.add(iteration, report);
        // A training that has diverged counts as ended, so that it is not begun again where a run is taken up.
        if (state.diverged !== undefined) {
          state = { ...state, iteration: total, blocks: [...state.blocks, rounded(state.weights)] };
        }
        const now = state;
        const capture = (): AnnealingFlowSnapshot => structuredClone({ ...now, curve: recorder.capture() });
        yield { iteration: now.iteration, report, capture, ...(point === undefined ? {} : { point }) };
      }
    } finally {
      await step.dispose();
      await particles.dispose();
    }
  }
  const { diverged, gradientEvaluations } = state;
  return {
    ...{ network, rule, blocks: state.blocks, curve: recorder.curve },
    ...{ iterations: diverged?.iteration ?? total, dropped: state.dropped, gradientEvaluations },
    ...(diverged === undefined ? {} : { diverged }),
  };
}

type TrainingContext = Omit<MethodContext, 'target'>;

function begin({ network }: AnnealingFlowSettings, { seed, name }: TrainingContext) {
  const weights = initialVelocity(network, componentSeed(seed, name));
  return {
    ...{ iteration: 0, blocks: [], weights, optimiser: startHostAdam(weights, Object.keys(weights)) },
    ...{ dropped: 0, inARow: 0, gradientEvaluations: 0 },
  };
}

/** What files hold, so that a flow that was kept draws what it drew before. */
function rounded(weights: Vectors): Vectors {
  return Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, values.map(Math.fround)]));
}

function dropped(
  state: Omit<AnnealingFlowSnapshot, 'curve'>,
  name: string,
  { learningRate }: AnnealingFlowSettings,
): Omit<AnnealingFlowSnapshot, 'curve'> {
  const { iteration } = state;
  const counted = { ...state, inARow: state.inARow + 1, dropped: state.dropped + 1 };
  if (counted.inARow < patience) return counted;
  const block = state.blocks.length + 1;
  const message = `The method "${name}" diverged in block ${block}: ${patience} updates in a row up to update ${iteration.toLocaleString('en')} were not finite and were dropped. Use a "learningRate" below ${learningRate}, more "blocks", or a "baseScale" where the density is finite.`;
  return { ...counted, diverged: { message, iteration } };
}

interface Step {
  /** Loss and gradient of a minibatch; undefined where something is not finite. */
  evaluate(
    weights: Vectors,
    block: number,
    iteration: number,
    particles: Floats,
  ): Promise<{ readonly gradient: Vectors; readonly report: Record<string, number> } | undefined>;
  dispose(): Promise<void>;
}

async function openStep(
  settings: AnnealingFlowSettings,
  bridge: Bridge,
  { device, precision, seed, name }: TrainingContext,
): Promise<Step> {
  const { network, batch, divergence, steps, gammas, particles } = settings;
  const { dim } = bridge;
  const shapes = velocityShapes(network);
  const names = Object.keys(shapes);
  const program: Program = await compileStep(device, {
    ...{ shapes, inputs: lossInputs(bridge, settings, batch), constants: bridge.constants, precision },
    threading: 'none',
    loss: blockLoss(network, bridge, settings),
  });
  const own = componentSeed(seed, name);
  const x = new Float64Array(batch * dim);
  const choices = new Float64Array(batch);
  const probes = divergence === 'exact' ? undefined : new Float64Array(steps * batch * dim);
  return {
    evaluate: async (weights, block, iteration, from) => {
      const of = { seed: own, step: iteration, firstChain: 0, firstDatum: 0 };
      fillUniforms(choices, { ...of, stream: 'trainingSamples', chains: 1, data: 1, width: batch });
      choices.forEach((uniform, row) => {
        const at = dim * Math.floor(uniform * particles);
        x.set(from.subarray(at, at + dim), row * dim);
      });
      if (probes !== undefined) {
        fillNormals(probes, { ...of, stream: 'trainingNoise', chains: steps, data: batch, width: dim });
        // Signs have the least variance; finite differences are told with normal probes.
        if (divergence === 'hutchinson') probes.forEach((value, i) => (probes[i] = value < 0 ? -1 : 1));
      }
      const found = await program.run({
        ...{ x, gamma: Float64Array.of(gammas[block] ?? Number.NaN), ...blockFeeds(bridge, block) },
        ...(probes === undefined ? {} : { probes }),
        ...Object.fromEntries(names.map((key) => [`parameters/${key}`, weights[key] ?? x])),
      });
      const gradient = Object.fromEntries(
        names.map((key) => [key, Float64Array.from((found[`gradients/${key}`] ?? []) as Floats)]),
      );
      const scalar = (key: string): number => found[key]?.[0] ?? Number.NaN;
      if (!Number.isFinite(scalar('loss')) || !isFinite(gradient, names)) return undefined;
      const report = {
        [flowQuantities.loss]: scalar('loss'),
        [flowQuantities.energy]: scalar('report/energy'),
        [flowQuantities.divergence]: scalar('report/divergence'),
        [flowQuantities.penalty]: scalar('report/penalty'),
        [flowQuantities.gradientNorm]: Math.sqrt(
          names.reduce((sum, key) => sum + (gradient[key]?.reduce((all, value) => all + value * value, 0) ?? 0), 0),
        ),
      };
      return { gradient, report };
    },
    dispose: () => program.dispose(),
  };
}

/** What minibatches are drawn from. */
class Particles {
  /** `[N, d]` */
  values: Floats;
  private readonly programs: FlowPrograms;
  private readonly steps: number;

  private constructor(values: Floats, programs: FlowPrograms, steps: number) {
    this.values = values;
    this.programs = programs;
    this.steps = steps;
  }

  static async open(
    { network, rule, particles, steps }: AnnealingFlowSettings,
    bridge: Bridge,
    { device, precision, seed, name }: TrainingContext,
  ): Promise<Particles> {
    const { dim } = bridge;
    const rows = rowsAtOnce(particles, dim, network.hidden);
    const programs = await FlowPrograms.open({ device, bridge, network, rule, precision, rows });
    const values = precision === 'float32' ? new Float32Array(particles * dim) : new Float64Array(particles * dim);
    const of = { firstChain: 0, chains: 1, firstDatum: 0, data: particles, width: dim };
    fillNormals(values, { seed: componentSeed(seed, `${name}/particles`), stream: 'pathInitial', step: 0, ...of });
    return new Particles(values, programs, steps);
  }

  async move(weights: Vectors): Promise<void> {
    this.values = (await this.programs.pushAll(this.values, weights, this.steps)).x;
  }

  dispose(): Promise<void> {
    return this.programs.dispose();
  }
}

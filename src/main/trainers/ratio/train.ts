import type { Activation } from '../../../shared/runFile';
import { initialParameters, network, type Network } from '../../models/network';
import { fillNormals, fillUniforms } from '../../tensor/random/streams';
import type { Program } from '../../tensor/types';
import { componentSeed } from '../componentSeed';
import { recordCurve, type CurveState, type TrainingCurve } from '../curve';
import { standardNormal, type Bridge } from '../flow/bridge';
import { FlowPrograms, rowsAtOnce, type AnnealingFlow, type Floats } from '../flow/programs';
import { hostAdam, isFinite, startHostAdam, type HostAdamState, type Vectors } from '../hostAdam';
import { patience, type Divergence, type MethodContext, type MethodProgress } from '../methodTypes';
import { compileStep } from '../step';
import { ratioLoss } from './loss';

/** How the ratio networks of a flow are trained. */
export interface RatioSettings {
  readonly hidden: readonly number[];
  readonly activation: Activation;
  /** Of each block. */
  readonly iterations: number;
  /** Draws before the block, and as many after it. */
  readonly batch: number;
  readonly learningRate: number;
  /** Drawn once and moved through the blocks. */
  readonly draws: number;
  /** S: Runge–Kutta steps of a block. */
  readonly steps: number;
}

/** Everything that a training goes on from, with equal bits. Survives structured cloning. Draws are moved again. */
export interface RatioSnapshot {
  /** Updates made or dropped, over all blocks. */
  readonly iteration: number;
  /** Weights of the finished networks. */
  readonly blocks: readonly Vectors[];
  readonly weights: Vectors;
  readonly optimiser: HostAdamState;
  /** Sum of the losses of the block in progress over its last tenth of updates, how many they are, and the means of finished blocks. */
  readonly lossSum: number;
  readonly lossCount: number;
  readonly losses: readonly number[];
  readonly dropped: number;
  readonly inARow: number;
  readonly curve: CurveState;
  readonly diverged?: Divergence;
}

export interface TrainedRatios {
  readonly network: Network;
  /** Weights of r_k ≈ log ρ_{k−1}/ρ_k for each block. */
  readonly blocks: readonly Vectors[];
  /** Logistic loss of each block, nats, a mean over its last updates. */
  readonly losses: readonly number[];
  readonly curve: TrainingCurve;
  readonly dropped: number;
  readonly diverged?: Divergence;
}

const ratioQuantity = 'logistic loss';

type Context = Omit<MethodContext, 'target'>;

function ratioNetwork(dim: number, { hidden, activation }: Pick<RatioSettings, 'hidden' | 'activation'>): Network {
  return network({ inputs: dim, hidden, outputs: 1, activation });
}

/**
 * Telescoped density-ratio estimation along a flow: for each block a network learns by logistic loss to tell draws before the block from
 * draws after it, so that Σ_k r_k(x) estimates log ρ_0(x)/ρ_K(x). Draws are fresh ones of the flow; each network begins anew.
 * @param resume goes on from there
 */
export async function* trainRatios(
  flow: AnnealingFlow,
  settings: RatioSettings,
  context: Context,
  resume?: RatioSnapshot,
): AsyncGenerator<MethodProgress<RatioSnapshot>, TrainedRatios> {
  const { iterations, learningRate } = settings;
  const { dim } = flow.network;
  const net = ratioNetwork(dim, settings);
  const names = Object.keys(net.shapes);
  const total = flow.blocks.length * iterations;
  const fresh = (block: number) => {
    const weights = initialWeights(net, componentSeed(context.seed, `${context.name}/${block}`));
    return { weights, optimiser: startHostAdam(weights, names), lossSum: 0, lossCount: 0 };
  };
  const recorder = recordCurve(total, resume?.curve);
  let state: Omit<RatioSnapshot, 'curve'> = resume ?? {
    ...{ iteration: 0, blocks: [], losses: [], dropped: 0, inARow: 0 },
    ...fresh(0),
  };
  if (state.iteration < total) {
    const step = await openStep(net, settings, dim, context);
    const draws = await Draws.open(flow, settings, context);
    try {
      for (let block = 0; block < state.blocks.length; block += 1) await draws.move();
      while (state.iteration < total) {
        const found = await step.evaluate(state.weights, state.iteration, draws);
        const iteration = state.iteration + 1;
        state = { ...state, iteration };
        const updated =
          found && hostAdam(state.weights, found.gradient, state.optimiser, { trained: names, learningRate });
        if (found !== undefined && updated !== undefined && isFinite(updated.parameters, names)) {
          const late = (iteration - 1) % iterations >= Math.floor(0.9 * iterations) ? 1 : 0;
          const lossSum = state.lossSum + late * found.loss;
          state = { ...state, inARow: 0, weights: updated.parameters, optimiser: updated.state, lossSum };
          state = { ...state, lossCount: state.lossCount + late };
        } else {
          state = dropped(state, context.name, settings);
        }
        const point = recorder.add(iteration, found === undefined ? {} : { [ratioQuantity]: found.loss });
        if (iteration % iterations === 0 || state.diverged !== undefined) {
          const blocks = [...state.blocks, state.weights];
          const losses = [...state.losses, state.lossSum / state.lossCount];
          const ended = state.diverged === undefined ? iteration : total;
          state = { ...state, blocks, losses, ...fresh(blocks.length), iteration: ended };
          if (ended < total) await draws.move();
        }
        const now = state;
        const capture = (): RatioSnapshot => structuredClone({ ...now, curve: recorder.capture() });
        yield { iteration: now.iteration, report: {}, capture, ...(point === undefined ? {} : { point }) };
      }
    } finally {
      await step.dispose();
      await draws.dispose();
    }
  }
  const { blocks, losses, diverged } = state;
  const rest = { dropped: state.dropped, ...(diverged === undefined ? {} : { diverged }) };
  return { network: net, blocks, losses, curve: recorder.curve, ...rest };
}

function initialWeights({ shapes }: Network, seed: number): Vectors {
  return Object.fromEntries(
    Object.entries(initialParameters(shapes, seed)).map(([name, values]) => [name, Float64Array.from(values)]),
  );
}

function dropped(
  state: Omit<RatioSnapshot, 'curve'>,
  name: string,
  { learningRate }: RatioSettings,
): Omit<RatioSnapshot, 'curve'> {
  const counted = { ...state, inARow: state.inARow + 1, dropped: state.dropped + 1 };
  if (counted.inARow < patience) return counted;
  const message = `The networks "${name}" diverged: ${patience} updates in a row were not finite and were dropped. Use a "ratio.learningRate" below ${learningRate}.`;
  return { ...counted, diverged: { message, iteration: state.iteration } };
}

interface Step {
  /** Undefined where something is not finite. */
  evaluate(
    weights: Vectors,
    iteration: number,
    draws: Draws,
  ): Promise<{ readonly gradient: Vectors; readonly loss: number } | undefined>;
  dispose(): Promise<void>;
}

async function openStep(
  net: Network,
  { batch, draws: count }: RatioSettings,
  dim: number,
  { device, precision, seed, name }: Context,
): Promise<Step> {
  const names = Object.keys(net.shapes);
  const rows = { shape: [batch, dim] };
  const program: Program = await compileStep(device, {
    ...{ shapes: net.shapes, inputs: { before: rows, after: rows }, precision, threading: 'none' },
    loss: ratioLoss(net),
  });
  const own = componentSeed(seed, name);
  const choices = new Float64Array(2 * batch);
  const [before, after] = [new Float64Array(batch * dim), new Float64Array(batch * dim)];
  return {
    evaluate: async (weights, iteration, draws) => {
      const of = { seed: own, step: iteration, firstChain: 0, chains: 1, firstDatum: 0, data: 1 };
      fillUniforms(choices, { ...of, stream: 'trainingSamples', width: 2 * batch });
      choices.forEach((uniform, place) => {
        const at = dim * Math.floor(uniform * count);
        const [into, from] = place < batch ? [before, draws.before] : [after, draws.after];
        into.set(from.subarray(at, at + dim), (place % batch) * dim);
      });
      const parameters = Object.fromEntries(names.map((key) => [`parameters/${key}`, weights[key] ?? choices]));
      const found = await program.run({ before, after, ...parameters });
      const gradient = Object.fromEntries(
        names.map((key) => [key, Float64Array.from((found[`gradients/${key}`] ?? []) as Floats)]),
      );
      const loss = found['loss']?.[0] ?? Number.NaN;
      return Number.isFinite(loss) && isFinite(gradient, names) ? { gradient, loss } : undefined;
    },
    dispose: () => program.dispose(),
  };
}

/** Fresh draws of the flow before and after one of its blocks. */
class Draws {
  before: Floats;
  after: Floats;
  private next = 1;
  private readonly flow: AnnealingFlow;
  private readonly steps: number;
  private readonly programs: FlowPrograms;

  private constructor(flow: AnnealingFlow, steps: number, programs: FlowPrograms, before: Floats, after: Floats) {
    this.flow = flow;
    this.steps = steps;
    this.programs = programs;
    this.before = before;
    this.after = after;
  }

  static async open(
    flow: AnnealingFlow,
    { draws, steps }: RatioSettings,
    { device, precision, seed, name }: Context,
  ): Promise<Draws> {
    const { network: net, rule, blocks } = flow;
    const { dim } = net;
    // Blocks are only gone through here: what they are led along does not matter.
    const bridge: Bridge = { dim, constants: {}, blocks: blocks.map(() => ({})), logDensity: () => standardNormal };
    const rows = rowsAtOnce(draws, dim, net.hidden);
    const programs = await FlowPrograms.open({ device, bridge, network: net, rule, precision, rows });
    const start = precision === 'float32' ? new Float32Array(draws * dim) : new Float64Array(draws * dim);
    const of = { firstChain: 0, chains: 1, firstDatum: 0, data: draws, width: dim };
    fillNormals(start, { seed: componentSeed(seed, `${name}/draws`), stream: 'pathInitial', step: 0, ...of });
    const { x } = await programs.pushAll(start, blocks[0] ?? {}, steps);
    return new Draws(flow, steps, programs, start, x);
  }

  /** To the next block. */
  async move(): Promise<void> {
    const pushed = await this.programs.pushAll(this.after, this.flow.blocks[this.next] ?? {}, this.steps);
    this.before = this.after;
    this.after = pushed.x;
    this.next += 1;
  }

  dispose(): Promise<void> {
    return this.programs.dispose();
  }
}

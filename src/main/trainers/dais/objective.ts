import { isFinite } from '../hostAdam';
import type { MethodContext } from '../methodTypes';
import { planBlocks, type Block } from './blocks';
import { AnnealedFlow } from './chain';
import { flowNoise } from './noise';
import { chainParameterNames, type ChainParameters } from './parameters';
import type { FlowSettings } from './settings';

/** The bound of one minibatch, in nats, and its gradient; or where it stopped being finite. */
export type BoundAndGradient = { readonly bound: number; readonly gradient: ChainParameters } | Broken;

export interface Broken {
  /** k of the first transition where something was not finite; 0 where it was none of them. */
  readonly broken: number;
  /** Whether the chain was gone forward or, for the gradient, backward. */
  readonly pass: 'forward' | 'backward';
}

/**
 * The bound that a minibatch estimates, log-mean-exp over N particles averaged over B batch elements, or the mean over all; and its
 * gradient. Everything is cut into blocks that fit into memory.
 */
export class FlowObjective {
  /** Rows that a pass forward and backward goes over, times the gradients of f at each. */
  readonly gradientEvaluations: number;
  private readonly flow: AnnealedFlow;
  private readonly plan: ReturnType<typeof planBlocks>;
  private readonly settings: FlowSettings;
  private readonly batch: number;
  private readonly noise: ReturnType<typeof flowNoise>;
  /** `[N, B]` */
  private readonly logWeights: Float64Array;

  private constructor(
    flow: AnnealedFlow,
    plan: ReturnType<typeof planBlocks>,
    settings: FlowSettings,
    batch: number,
    seed: number,
  ) {
    const { particles, steps } = settings;
    this.flow = flow;
    this.plan = plan;
    this.settings = settings;
    this.batch = batch;
    this.noise = flowNoise(seed, flow.dim, steps);
    this.logWeights = new Float64Array(particles * batch);
    const passes = plan.whole ? 2 : 3;
    this.gradientEvaluations = plan.rows * plan.blocks.length * (passes * steps + 1);
  }

  /** @param seed of the method */
  static async open(
    settings: FlowSettings,
    batch: number,
    { name, target, device, precision }: MethodContext,
    seed: number,
    memory?: number,
  ): Promise<FlowObjective> {
    const { steps, particles } = settings;
    const plan = planBlocks({ name, target, precision, steps, particles, batch }, memory);
    const flow = await AnnealedFlow.open({ device, target, precision, rows: plan.rows, steps, gradients: true });
    return new FlowObjective(flow, plan, settings, batch, seed);
  }

  /** @param iteration which minibatch */
  async evaluate(parameters: ChainParameters, iteration: number): Promise<BoundAndGradient> {
    const { flow, plan, logWeights, settings } = this;
    let gradient: ChainParameters | undefined;
    if (!plan.whole) {
      // The weights of one particle's chain depend on those of all: they are found first, and each chain is run again to be differentiated.
      for (const block of plan.blocks) {
        const broken = await this.forward(parameters, iteration, block);
        if (broken !== undefined) return { broken, pass: 'forward' };
      }
    }
    const done = new Uint8Array(logWeights.length);
    for (const block of plan.blocks) {
      const broken = await this.forward(parameters, iteration, block);
      if (broken !== undefined) return { broken, pass: 'forward' };
      const part = await flow.gradient(parameters, this.cotangents(block, done));
      gradient = gradient === undefined ? part : sum(gradient, part);
    }
    if (gradient === undefined) throw new Error('There is nothing to compute.');
    if (!isFinite(gradient, chainParameterNames)) {
      const broken = 1 + gradient.logStep.findLastIndex((value) => !Number.isFinite(value));
      return { broken: Math.max(broken, Math.min(1, settings.steps)), pass: 'backward' };
    }
    return { bound: boundOf(logWeights, settings, this.batch), gradient };
  }

  dispose(): Promise<void> {
    return this.flow.dispose();
  }

  /** @returns where the first of its chains stopped being finite */
  private async forward(parameters: ChainParameters, iteration: number, block: Block): Promise<number | undefined> {
    const { flow, batch, logWeights } = this;
    await flow.run(parameters, this.noise(iteration, block));
    if (!flow.logWeights.every(Number.isFinite)) return flow.firstBroken();
    each(block, batch, (row, place) => {
      logWeights[place] = flow.logWeights[row] ?? Number.NaN;
    });
    return undefined;
  }

  /** ∂ bound / ∂ log w of the block's rows; zero for those that an earlier block has had. */
  private cotangents(block: Block, done: Uint8Array): Float64Array {
    const { batch, logWeights, settings } = this;
    const { particles, objective } = settings;
    const out = new Float64Array(block.chains * block.data);
    const tops = Array.from({ length: block.data }, (_, i) =>
      topAndSum(logWeights, particles, batch, block.firstDatum + i),
    );
    each(block, batch, (row, place) => {
      if (done[place] === 1) return;
      done[place] = 1;
      const { top, sum: total } = tops[row % block.data] ?? { top: Number.NaN, sum: Number.NaN };
      const share = objective === 'mean' ? 1 / particles : Math.exp((logWeights[place] ?? Number.NaN) - top) / total;
      out[row] = share / batch;
    });
    return out;
  }
}

/** Mean over batch elements of the log-mean-exp, or the mean, over their particles. */
function boundOf(logWeights: Float64Array, { particles, objective }: FlowSettings, batch: number): number {
  if (objective === 'mean') return logWeights.reduce((total, value) => total + value, 0) / logWeights.length;
  let total = 0;
  for (let b = 0; b < batch; b += 1) {
    const { top, sum: terms } = topAndSum(logWeights, particles, batch, b);
    total += top + Math.log(terms / particles);
  }
  return total / batch;
}

/** The greatest log weight of a batch element and the sum of all in units of it. */
function topAndSum(logWeights: Float64Array, particles: number, batch: number, b: number) {
  let top = -Infinity;
  for (let n = 0; n < particles; n += 1) top = Math.max(top, logWeights[n * batch + b] ?? Number.NaN);
  let terms = 0;
  for (let n = 0; n < particles; n += 1) terms += Math.exp((logWeights[n * batch + b] ?? Number.NaN) - top);
  return { top, sum: terms };
}

/** Calls with each row of a block and its place in `[N, B]`. */
function each(
  { firstChain, chains, firstDatum, data }: Block,
  batch: number,
  call: (row: number, place: number) => void,
): void {
  for (let n = 0; n < chains; n += 1) {
    for (let b = 0; b < data; b += 1) call(n * data + b, (firstChain + n) * batch + firstDatum + b);
  }
}

function sum(a: ChainParameters, b: ChainParameters): ChainParameters {
  const add = (name: keyof ChainParameters): Float64Array =>
    a[name].map((value, i) => value + (b[name][i] ?? Number.NaN));
  return {
    mean: add('mean'),
    logVariance: add('logVariance'),
    schedule: add('schedule'),
    logStep: add('logStep'),
    logMass: add('logMass'),
    refreshment: add('refreshment'),
  };
}

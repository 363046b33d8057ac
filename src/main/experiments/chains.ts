import type * as tf from '@tensorflow/tfjs-core';
import type { ChainWeights } from '../bounds/types';
import { posteriorPath, type DiagonalGaussian, type GenerativeModel } from '../models';
import { anneal, type AnnealResult, type AnnealSnapshot } from '../samplers/annealedChains';
import { compileAnnealing, type AnnealedPrograms, type AnnealingProblem } from '../samplers/annealedPrograms';
import { fillNormals, type Stream } from '../tensor/random/streams';
import type { Device } from '../tensor/types';
import { batchesOf, dataOf, rowsOf, rowsWithinBudget, type Batch } from './batches';
import type { EvaluationData } from './data';
import type { Journal } from './journal';
import { gradientUnits, type Meter } from './meter';
import type { RunEvent } from './types';

export interface ChainsOptions {
  readonly device: Device;
  readonly model: GenerativeModel;
  readonly base: DiagonalGaussian;
  readonly data: EvaluationData;
  readonly chains: number;
  readonly leapfrog: number;
  readonly seed: number;
  readonly jitter: number;
  /** Whether to run the chains of the coupled lower bound too. */
  readonly coupled: boolean;
  readonly meter: Meter;
  readonly journal: Journal;
  /** Rows of one batch at most; from the size of the decoder when left out. */
  readonly rows?: number;
}

/** What the chains of one direction looked like, averaged over batches. */
export interface Trace {
  readonly acceptance: Float64Array;
  readonly meanLogRatio: Float64Array;
  readonly divergences: Int32Array;
}

export interface Round {
  /** For each datum. */
  readonly weights: ChainWeights[];
  readonly forward: Trace;
  readonly reverse?: Trace;
  readonly gradientEvaluations: number;
  readonly transitions: number;
}

type Pass = 'forward' | 'reverse' | 'coupled';
const passStreams: Record<Pass, [momentum: Stream, accept: Stream]> = {
  forward: ['forwardMomentum', 'forwardAccept'],
  reverse: ['reverseMomentum', 'reverseAccept'],
  coupled: ['coupledMomentum', 'coupledAccept'],
};

/** The annealed chains of one model on one set of data; programs are compiled once for each batch shape and kept for all rounds. */
export class AnnealedChains {
  private readonly options: ChainsOptions;
  private readonly problem: AnnealingProblem;
  private readonly rows: number;
  private readonly programs = new Map<string, AnnealedPrograms>();

  constructor(options: ChainsOptions) {
    this.options = options;
    const { device, model, base } = options;
    const { latent, outputs, constants, layers } = model.decoder;
    this.problem = {
      device,
      latent,
      constants,
      inputs: (data) => ({ x: { shape: [data, outputs] } }),
      path: (tensors: Record<string, tf.Tensor>) => posteriorPath(model, base, tensors),
    };
    const widths = layers.map((layer) => layer.outputShape.reduce((product, extent) => product * extent, 1));
    this.rows = options.rows ?? rowsWithinBudget([latent, ...widths]);
  }

  get batches(): Batch[] {
    return batchesOf(this.options.chains, this.options.data.count, this.rows);
  }

  /** How much work a round of T temperatures is, in the meter's units. */
  units(temperatures: number): number {
    const { data, chains, coupled, leapfrog } = this.options;
    const passes = 1 + (data.exact === undefined ? 0 : 1) + (coupled ? (chains - 1) / chains : 0);
    return passes * data.count * chains * gradientUnits * (1 + (temperatures - 1) * leapfrog);
  }

  async compiled(chains: number, data: number): Promise<AnnealedPrograms> {
    const key = `${chains}|${data}`;
    let programs = this.programs.get(key);
    if (programs === undefined) {
      programs = await compileAnnealing(this.problem, chains, data);
      this.programs.set(key, programs);
    }
    return programs;
  }

  /** Runs every chain over the given schedule. */
  async *round(betas: Float64Array, stepSizes: Float64Array): AsyncGenerator<RunEvent, Round> {
    const { chains, data, coupled } = this.options;
    const table: Record<Pass, Float64Array> = {
      forward: new Float64Array(chains * data.count),
      reverse: new Float64Array(chains * data.count),
      coupled: new Float64Array(chains * data.count),
    };
    const ends = new Float32Array(data.count * this.problem.latent);
    const traces: Record<Pass, AnnealResult[]> = { forward: [], reverse: [], coupled: [] };
    const passes: Pass[] = [
      'forward',
      ...(data.exact === undefined ? [] : (['reverse'] as const)),
      ...(coupled ? (['coupled'] as const) : []),
    ];
    for (const pass of passes) {
      this.options.meter.stage = `${pass} chains, ${betas.length - 1} temperatures`;
      // Chain 0 of the coupled lower bound is a forward chain, already there.
      const batches = pass === 'coupled' ? batchesOf(chains - 1, data.count, this.rows) : this.batches;
      for (const batch of batches) {
        const result = yield* this.run(pass, batch, ends, betas, stepSizes);
        traces[pass].push(result);
        scatter(result.logWeights, table[pass], batch, data.count);
        if (pass === 'forward' && batch.firstChain === 0) {
          const width = this.problem.latent;
          ends.set(result.position.subarray(0, batch.data * width), batch.firstDatum * width);
        }
      }
    }
    const results = [...traces.forward, ...traces.reverse, ...traces.coupled];
    const column = (pass: Pass, datum: number, count: number): number[] =>
      Array.from({ length: count }, (_, chain) => table[pass][chain * data.count + datum] ?? Number.NaN);
    return {
      weights: Array.from({ length: data.count }, (_, datum) => ({
        forward: column('forward', datum, chains),
        reverse: data.exact === undefined ? undefined : column('reverse', datum, chains),
        coupled: coupled ? column('coupled', datum, chains - 1) : undefined,
      })),
      forward: combined(traces.forward),
      ...(data.exact === undefined ? {} : { reverse: combined(traces.reverse) }),
      gradientEvaluations: results.reduce((total, result) => total + result.gradientEvaluations, 0),
      transitions: results.length * (betas.length - 2),
    };
  }

  async dispose(): Promise<void> {
    for (const programs of this.programs.values()) await programs.dispose();
    this.programs.clear();
  }

  private async *run(
    pass: Pass,
    batch: Batch,
    ends: Float32Array,
    betas: Float64Array,
    stepSizes: Float64Array,
  ): AsyncGenerator<RunEvent, AnnealResult> {
    const { data, seed, leapfrog, jitter, meter, model, journal } = this.options;
    const rows = batch.chains * batch.data;
    const transitions = betas.length - 2;
    const key = `${pass} chains, ${betas.length - 1} temperatures, from ${batch.firstChain}, ${batch.firstDatum}`;
    const known = journal.finished<AnnealResult>(key);
    if (known !== undefined) {
      yield meter.tick(gradientUnits * rows * (1 + transitions * leapfrog));
      return known;
    }
    const resume = journal.begun<AnnealSnapshot>(key);
    const programs = await this.compiled(batch.chains, batch.data);
    const [momentum, accept] = passStreams[pass];
    const chains = anneal(programs, {
      direction: pass === 'forward' ? 'forward' : 'reverse',
      start: this.start(pass, batch, ends),
      inputs: { x: dataOf(batch, data.x, model.decoder.outputs) },
      betas,
      stepSizes,
      jitter,
      leapfrog,
      noise: { seed, momentum, accept, ...batch },
      resume,
    });
    yield meter.tick(gradientUnits * rows * (1 + (resume?.count ?? 0) * leapfrog));
    let next = await chains.next();
    while (next.done !== true) {
      journal.follow(key, next.value);
      yield meter.tick(gradientUnits * rows * leapfrog);
      next = await chains.next();
    }
    journal.finish(key, next.value);
    return next.value;
  }

  /** Forward chains start at the base, reverse ones at the exact sample, coupled ones where forward chain 0 ended. */
  private start(pass: Pass, batch: Batch, ends: Float32Array): Float32Array {
    const { base, seed, data } = this.options;
    const { latent } = this.problem;
    if (pass === 'forward') {
      const z = new Float32Array(batch.chains * batch.data * latent);
      fillNormals(z, { seed, stream: 'forwardInitial', step: 0, width: latent, ...batch });
      base.fromNormals(z);
      return z;
    }
    const source = pass === 'reverse' ? (data.exact ?? new Float32Array()) : ends;
    const one = rowsOf({ ...batch, firstChain: 0, chains: 1 }, source, data.count, latent);
    const repeated = new Float32Array(batch.chains * one.length);
    for (let chain = 0; chain < batch.chains; chain += 1) repeated.set(one, chain * one.length);
    return repeated;
  }
}

/** Copies a batch's `[chains, data]` into the whole `[K, B]`. */
function scatter(source: Float64Array, target: Float64Array, batch: Batch, count: number): void {
  for (let chain = 0; chain < batch.chains; chain += 1) {
    const row = source.subarray(chain * batch.data, (chain + 1) * batch.data);
    target.set(row, (batch.firstChain + chain) * count + batch.firstDatum);
  }
}

/** Averages the traces of batches, weighted by their rows. */
function combined(results: readonly AnnealResult[]): Trace {
  const length = results[0]?.acceptance.length ?? 0;
  const rows = results.reduce((total, result) => total + result.logWeights.length, 0);
  const average = (pick: (result: AnnealResult) => Float64Array): Float64Array =>
    Float64Array.from({ length }, (_, t) =>
      results.reduce((total, result) => total + ((pick(result)[t] ?? 0) * result.logWeights.length) / rows, 0),
    );
  return {
    acceptance: average((result) => result.acceptance),
    meanLogRatio: average((result) => result.meanLogRatio),
    divergences: Int32Array.from({ length }, (_, t) =>
      results.reduce((total, result) => total + (result.divergences[t] ?? 0), 0),
    ),
  };
}

import type { ChainWeights } from '../bounds/types';
import { anneal, type AnnealResult, type AnnealSnapshot } from '../samplers/annealedChains';
import { compileAnnealing, type AnnealedPrograms, type AnnealingProblem } from '../samplers/annealedPrograms';
import { fillNormals, type Stream } from '../tensor/random/streams';
import type { Device } from '../tensor/types';
import type { AnnealingTarget, DataWithBase } from './annealingTarget';
import { batchesOf, dataOf, rowsOf, rowsWithinBudget, type Batch } from './batches';
import type { Journal } from './journal';
import { gradientUnits, type Meter } from './meter';
import type { RunEvent } from './types';

export interface ChainsOptions {
  readonly device: Device;
  readonly target: AnnealingTarget;
  readonly data: DataWithBase;
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

type Pass = 'forward' | 'reverse' | 'coupled' | 'independent';
const passStreams: Record<Pass, [momentum: Stream, accept: Stream]> = {
  forward: ['forwardMomentum', 'forwardAccept'],
  reverse: ['reverseMomentum', 'reverseAccept'],
  coupled: ['coupledMomentum', 'coupledAccept'],
  // No estimator looks at reverse and at independent chains together, so that both may see the same numbers.
  independent: ['reverseMomentum', 'reverseAccept'],
};

/** The annealed chains of one target on one set of data; programs are compiled once for each batch shape and kept for all rounds. */
export class AnnealedChains {
  private readonly options: ChainsOptions;
  private readonly problem: AnnealingProblem;
  private readonly rows: number;
  private readonly programs = new Map<string, AnnealedPrograms>();

  constructor(options: ChainsOptions) {
    this.options = options;
    const { device, target } = options;
    const { latent, outputs, constants, path, base } = target;
    const inputs = (data: number) => ({ x: { shape: [data, outputs] }, ...base.inputs(data) });
    this.problem = { device, latent, constants, inputs, path };
    this.rows = options.rows ?? rowsWithinBudget(target.widths);
  }

  get batches(): Batch[] {
    return batchesOf(this.options.chains, this.options.data.count, this.rows);
  }

  /** How much work a round of T temperatures is, in the meter's units. */
  units(temperatures: number): number {
    const { data, chains, leapfrog } = this.options;
    const passes = this.passes().reduce((total, pass) => total + this.chainsOf(pass) / chains, 0);
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
    const { data, target } = this.options;
    const width = this.problem.latent;
    const ends = new Float32Array(data.count * width);
    const passes = this.passes();
    const table = new Map<Pass, Float64Array>();
    const traces: Record<Pass, AnnealResult[]> = { forward: [], reverse: [], coupled: [], independent: [] };
    for (const pass of passes) {
      this.options.meter.stage = [`${pass} chains`, target.label, `${betas.length - 1} temperatures`]
        .filter((part) => part !== '')
        .join(', ');
      const weights = new Float64Array(this.chainsOf(pass) * data.count);
      table.set(pass, weights);
      for (const batch of batchesOf(this.chainsOf(pass), data.count, this.rows)) {
        const result = yield* this.run(pass, batch, ends, betas, stepSizes);
        traces[pass].push(result);
        scatter(result.logWeights, weights, batch, data.count);
        if (pass === 'forward' && batch.firstChain === 0) {
          ends.set(result.position.subarray(0, batch.data * width), batch.firstDatum * width);
        }
      }
    }
    const results = Object.values(traces).flat();
    const column = (pass: Pass, datum: number): number[] | undefined => {
      const weights = table.get(pass);
      return (
        weights &&
        Array.from({ length: this.chainsOf(pass) }, (_, chain) => weights[chain * data.count + datum] ?? Number.NaN)
      );
    };
    return {
      weights: Array.from({ length: data.count }, (_, datum) => ({
        forward: column('forward', datum) ?? [],
        reverse: column('reverse', datum),
        coupled: column('coupled', datum),
        independent: column('independent', datum),
      })),
      forward: combined(traces.forward),
      ...(traces.reverse.length === 0 ? {} : { reverse: combined(traces.reverse) }),
      gradientEvaluations: results.reduce((total, result) => total + result.gradientEvaluations, 0),
      transitions: results.length * (betas.length - 2),
    };
  }

  async dispose(): Promise<void> {
    for (const programs of this.programs.values()) await programs.dispose();
    this.programs.clear();
  }

  private passes(): Pass[] {
    const { data, coupled } = this.options;
    return [
      'forward',
      ...(data.exact === undefined ? [] : (['reverse'] as const)),
      ...(coupled ? (['coupled'] as const) : []),
      ...(data.independent === undefined ? [] : (['independent'] as const)),
    ];
  }

  /** Chain 0 of the coupled lower bound is a forward chain, already there. */
  private chainsOf(pass: Pass): number {
    return pass === 'coupled' ? this.options.chains - 1 : this.options.chains;
  }

  private async *run(
    pass: Pass,
    batch: Batch,
    ends: Float32Array,
    betas: Float64Array,
    stepSizes: Float64Array,
  ): AsyncGenerator<RunEvent, AnnealResult> {
    const { data, seed, leapfrog, jitter, meter, target, journal } = this.options;
    const rows = batch.chains * batch.data;
    const transitions = betas.length - 2;
    const key = `${pass} chains ${target.label}, ${betas.length - 1} temperatures, from ${batch.firstChain}, ${batch.firstDatum}`;
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
      inputs: { x: dataOf(batch, data.x, target.outputs), ...data.base.feeds(batch) },
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

  /** Forward chains start at the base, reverse ones at an exact sample, coupled ones where forward chain 0 ended. */
  private start(pass: Pass, batch: Batch, ends: Float32Array): Float32Array {
    const { seed, data } = this.options;
    const { latent } = this.problem;
    if (pass === 'forward') {
      const z = new Float32Array(batch.chains * batch.data * latent);
      fillNormals(z, { seed, stream: 'forwardInitial', step: 0, width: latent, ...batch });
      data.base.fromNormals(z, batch);
      return z;
    }
    if (pass === 'independent') return rowsOf(batch, data.independent ?? new Float32Array(), data.count, latent);
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

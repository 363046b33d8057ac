import { sizeOf, type Feeds, type Precision, type Program, type TensorData } from '../../tensor/types';
import { floatsOf } from '../paths/floats';
import { addCorrection } from '../paths/correction';
import type { CorrectionWeights, Floats, ScoreInput } from '../paths/types';
import { compileScore, compileScoreGradient, type ScoreProgramOptions } from './scoreProgram';
import { timesName, type ScoreSize } from './scoreNetwork';

export interface ScoreChunkOptions extends Omit<ScoreProgramOptions, 'transitions'> {
  /** What is worked through at once, at the most; memory decides when left out. */
  readonly transitions?: number;
  /** Bytes that activations may take. */
  readonly memory?: number;
  /** What is differentiated, if anything: the network's parameters, or its inputs besides. */
  readonly gradients: 'none' | 'parameters' | 'inputs';
}

/** What a transition's slot needs of a path. */
export interface ScoredPath {
  scoreInput(k: number): ScoreInput;
  residual(k: number, out: Floats): void;
  correctionWeights(k: number): CorrectionWeights;
}

const budget = 2 ** 28;

/**
 * ŝ of several transitions in one program: since paths do not depend on ŝ, nothing has to wait for anything, and the products are large. Slots
 * are filled one by one, evaluated together, and read. Memory is bounded whatever K is.
 */
export class ScoreChunk {
  /** m: how many slots there are. */
  readonly transitions: number;
  readonly rows: number;
  private readonly program: Program;
  private readonly size: ScoreSize;
  private readonly differentiated: boolean;
  private readonly inputs: Record<string, Floats>;
  private readonly outputs: Record<string, Floats>;
  /** k of what is in each slot; 0 where it is empty. */
  private readonly placed: Int32Array;

  private constructor(program: Program, { network, rows, transitions, precision, gradients }: Opened) {
    const { dim, momentum, conditioning = 0, embedding } = network.size;
    const make = floatsOf(precision);
    const matrix = transitions * rows * dim;
    this.program = program;
    this.rows = rows;
    this.transitions = transitions;
    this.size = network.size;
    this.differentiated = gradients !== 'none';
    this.placed = new Int32Array(transitions);
    this.inputs = {
      position: make(matrix),
      ...(momentum ? { momentum: make(matrix) } : {}),
      ...(conditioning > 0 ? { conditioning: make(rows * conditioning) } : {}),
      [`parameters/${timesName}`]: make(transitions * embedding),
      ...(this.differentiated
        ? {
            residual: make(matrix),
            linear: make(transitions),
            quadratic: make(transitions * dim),
            cotangent: make(rows),
          }
        : {}),
    };
    this.outputs = Object.fromEntries(
      Object.entries(program.outputs).map(([name, { shape }]) => [name, make(sizeOf(shape))]),
    );
  }

  static async open(options: ScoreChunkOptions): Promise<ScoreChunk> {
    const { network, rows, precision, gradients, memory = budget } = options;
    const most = Math.max(
      1,
      Math.floor(memory / (rows * activationBytes(network.size, precision, gradients !== 'none'))),
    );
    const wanted = Math.min(options.transitions ?? network.size.steps, network.size.steps);
    // Equal chunks, so that the last is not nearly empty.
    const transitions = Math.ceil(wanted / Math.ceil(wanted / most));
    const program =
      gradients === 'none'
        ? await compileScore({ ...options, transitions })
        : await compileScoreGradient({ ...options, transitions, inputGradients: gradients === 'inputs' });
    return new ScoreChunk(program, { ...options, transitions });
  }

  /** What the network is told of the rows besides, `[R, c]`, until the next call. */
  tell(conditioning: Floats): void {
    this.inputs['conditioning']?.set(conditioning);
  }

  /** Copies what the network reads of transition k into a slot. */
  place(slot: number, k: number, { position, momentum }: ScoreInput): void {
    this.part('position', slot).set(position);
    if (momentum !== undefined) this.part('momentum', slot).set(momentum);
    this.placed[slot] = k;
  }

  /** Copies transition k of a path into a slot, with what gradients need of it. */
  put(slot: number, k: number, path: ScoredPath): void {
    const { inputs } = this;
    this.place(slot, k, path.scoreInput(k));
    if (!this.differentiated) return;
    const { linear, quadratic } = path.correctionWeights(k);
    path.residual(k, this.part('residual', slot));
    (inputs['linear'] as Floats)[slot] = linear;
    (inputs['quadratic'] as Floats).set(quadratic, slot * this.size.dim);
  }

  /**
   * Evaluates ŝ in the slots that were filled since the last run, and empties them for the next.
   * @param parameters by "parameters/name", with the whole table
   * @param gradient where the chunk was opened with gradients: w̄ `[R]`, and sums by "gradients/name" that the gradient is added to, with one
   * for the whole table and, where there is conditioning, "conditioningBar"
   */
  async run(
    parameters: Feeds,
    gradient?: { readonly cotangent: Float64Array; readonly sums: Readonly<Record<string, Floats>> },
  ): Promise<void> {
    const { inputs, outputs, placed } = this;
    const { embedding, dim } = this.size;
    const table = parameters[`parameters/${timesName}`] as TensorData;
    placed.forEach((k, slot) => {
      if (k > 0) {
        const row = table.subarray((k - 1) * embedding, k * embedding);
        (inputs[`parameters/${timesName}`] as Floats).set(row, slot * embedding);
      } else if (this.differentiated) {
        // An empty slot is evaluated with what it last held and counts for nothing.
        (inputs['linear'] as Floats)[slot] = 0;
        (inputs['quadratic'] as Floats).fill(0, slot * dim, (slot + 1) * dim);
      }
    });
    if (gradient !== undefined) (inputs['cotangent'] as Floats).set(gradient.cotangent);
    await this.program.run({ ...parameters, ...inputs }, outputs);
    if (gradient !== undefined) this.add(gradient.sums);
    placed.fill(0);
  }

  /** ŝ of a slot at the last run, `[R, d]`; a view, as are the next two. */
  score(slot: number): Floats {
    return this.output('score', slot);
  }

  /** Adds what ŝ in a slot changes in log w of its rows, where the chunk was opened with gradients. */
  correct(slot: number, logWeights: Float64Array): void {
    const { dim } = this.size;
    const linear = (this.inputs['linear'] as Floats)[slot] as number;
    const quadratic = Float64Array.from((this.inputs['quadratic'] as Floats).subarray(slot * dim, (slot + 1) * dim));
    addCorrection({ linear, quadratic }, this.score(slot), this.part('residual', slot), logWeights);
  }

  positionBar(slot: number): Floats {
    return this.output('positionBar', slot);
  }

  momentumBar(slot: number): Floats {
    return this.output('momentumBar', slot);
  }

  dispose(): Promise<void> {
    return this.program.dispose();
  }

  private add(sums: Readonly<Record<string, Floats>>): void {
    const { embedding } = this.size;
    for (const [name, sum] of Object.entries(sums)) {
      const found = this.outputs[name];
      if (found === undefined) throw new Error(`A score program has no ${name}.`);
      if (name !== `gradients/${timesName}`) {
        for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] as number) + (found[i] as number);
        continue;
      }
      this.placed.forEach((k, slot) => {
        if (k === 0) return;
        for (let i = 0; i < embedding; i += 1) {
          const place = (k - 1) * embedding + i;
          sum[place] = (sum[place] as number) + (found[slot * embedding + i] as number);
        }
      });
    }
  }

  private part(name: string, slot: number): Floats {
    const size = this.rows * this.size.dim;
    return (this.inputs[name] as Floats).subarray(slot * size, (slot + 1) * size);
  }

  private output(name: string, slot: number): Floats {
    const size = this.rows * this.size.dim;
    return (this.outputs[name] as Floats).subarray(slot * size, (slot + 1) * size);
  }
}

interface Opened extends ScoreChunkOptions {
  readonly transitions: number;
}

/** Bytes of one row of one transition, a guess: a dozen matrices of the block's widths are alive for each block that is differentiated. */
function activationBytes({ width, blocks, dim }: ScoreSize, precision: Precision, differentiated: boolean): number {
  const bytes = precision === 'float64' ? 8 : 4;
  const alive = differentiated ? 12 * (blocks + 1) : 10;
  return bytes * (alive * width + 8 * dim);
}

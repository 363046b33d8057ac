import { RunError } from '../../shared/errors';
import type { ParameterShapes, Parameters } from '../models/network';
import {
  sizeOf,
  type Constant,
  type Device,
  type Outputs,
  type Program,
  type TensorData,
  type TensorSpec,
} from '../tensor/types';
import { adam, adamRate, type Adam, type Moments } from './adam';
import { recordCurve, type CurvePoint, type CurveState, type TrainingCurve } from './curve';
import { patience } from './methodTypes';
import { compileStep, type LossFunction } from './step';

/** What is trained, on what, and for how long. */
export interface TrainingProblem {
  readonly device: Device;
  /** What messages call the network: 'The proposal "q"'. */
  readonly name?: string;
  readonly shapes: ParameterShapes;
  readonly initial: Parameters;
  /** Of one iteration. */
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  readonly constants?: Readonly<Record<string, Constant>>;
  /** A pure function of the parameters, and of inputs and constants by their names. */
  readonly loss?: LossFunction;
  /** Makes what computes loss and gradients where that is not one program of a loss; it reads and writes what `compileStep` does. */
  readonly step?: () => Promise<TrainingStep>;
  /**
   * Writes the inputs of an iteration into arrays that stay the same. They may depend on the number of the iteration and on the
   * parameters that it begins with, and on nothing else: a training that is taken up again draws them anew.
   */
  readonly feed: (
    iteration: number,
    feeds: Readonly<Record<string, TensorData>>,
    parameters: Parameters,
  ) => void | Promise<void>;
  /** The last iteration. */
  readonly iterations: number;
  /** The iteration that this problem begins with, where it goes on from what another ended with; 0 when left out. */
  readonly begin?: number;
  /** The last iteration of the problem that goes on from this one, where they share a curve. */
  readonly end?: number;
  readonly learningRate: number;
  /** To zero along half a cosine, from the first iteration of the problem to its last. */
  readonly decay: 'constant' | 'cosine';
  /**
   * The norm that a gradient is scaled down to where it is larger. With it, an update whose loss or gradient is not finite is left out,
   * and only many of them in a row end the training.
   */
  readonly clip?: number;
  /** Changes parameters in place after an update that was left out, where more of the same would not be finite either. */
  readonly leftOut?: (parameters: Parameters) => void;
  /** What else to change where it diverges, after "or". */
  readonly advice?: string;
}

/** What computes loss and gradients of a minibatch. */
export type TrainingStep = Pick<Program, 'outputs' | 'run' | 'dispose'>;

/** Everything that a training goes on from, with equal bits. Survives structured cloning. */
export interface TrainingSnapshot {
  /** Updates made. */
  readonly iteration: number;
  readonly parameters: Parameters;
  readonly moments: Moments;
  /** Updates left out one after the other. */
  readonly skipped?: number;
  /** Left out where a training begins with an earlier one's optimiser but a curve of its own. */
  readonly curve?: CurveState;
}

export interface TrainingProgress {
  /** Updates made. */
  readonly iteration: number;
  /** What the loss function reports of the last minibatch, before the update. */
  readonly report: Readonly<Record<string, number>>;
  /** Copies the state; to be called before the next update. */
  readonly capture: () => TrainingSnapshot;
  /** A new point of the curve, when a window has just ended. */
  readonly point?: CurvePoint;
}

export interface Trained {
  readonly parameters: Parameters;
  readonly curve: TrainingCurve;
  readonly iterations: number;
  /** What another problem may go on from. */
  readonly snapshot: TrainingSnapshot;
}

/** How often in a training every number of it is looked at. */
const checks = 20;

/**
 * Minimises a loss with Adam. One compiled program computes the loss with its gradients, minibatches simulated included; all arrays are
 * made once and written over in each update.
 * @param resume goes on from there
 * @returns after one yield for each update
 * @throws RunError with advice when the loss or a parameter stops being finite
 */
export async function* train(
  problem: TrainingProblem,
  resume?: TrainingSnapshot,
): AsyncGenerator<TrainingProgress, Trained> {
  const { shapes, iterations, begin = 0 } = problem;
  const recorder = recordCurve(problem.end ?? iterations, resume?.curve);
  const { parameters, moments } = resume ?? { parameters: problem.initial };
  const optimiser = adam(shapes, { parameters, ...(moments && { moments }) });
  const first = resume?.iteration ?? begin;
  if (first < iterations) {
    const feeds: Record<string, TensorData> = {};
    for (const [name, spec] of Object.entries(problem.inputs)) feeds[name] = arrayOf(spec);
    const check = Math.ceil((iterations - begin) / checks);
    const step = await openStep(problem);
    let skipped = resume?.skipped ?? 0;
    try {
      const scalars = Object.keys(step.outputs).filter((name) => name === 'loss' || name.startsWith('report/'));
      const results = Object.fromEntries(scalars.map((name) => [name, new Float32Array(1)]));
      const [inputs, outputs] = [
        { ...optimiser.feeds, ...feeds },
        { ...optimiser.gradients, ...results },
      ];
      for (let made = first + 1; made <= iterations; made += 1) {
        await problem.feed(made - 1, feeds, optimiser.parameters);
        await step.run(inputs, outputs);
        const loss = results['loss']?.[0] ?? Number.NaN;
        const scale = problem.clip === undefined ? 1 : clipOf(optimiser.gradients, problem.clip);
        const counts = Number.isFinite(loss) && Number.isFinite(scale);
        skipped = counts ? 0 : skipped + 1;
        if (counts) {
          if (scale < 1) shrink(optimiser.gradients, scale);
          optimiser.update(adamRate(problem.learningRate * remaining(problem, made - 1), made));
        } else if (problem.clip === undefined || skipped >= patience) {
          throw diverged(problem, made, Number.isFinite(loss) ? 'its gradient is not finite' : `its loss is ${loss}`);
        } else {
          problem.leftOut?.(optimiser.parameters);
        }
        if (made === iterations || made % check === 0) refuseNonFinite(problem, made, optimiser);
        const report = counts ? reportOf(results) : {};
        const point = recorder.add(made, report);
        const capture = (): TrainingSnapshot => ({
          iteration: made,
          ...optimiser.capture(),
          ...(skipped > 0 ? { skipped } : {}),
          curve: recorder.capture(),
        });
        yield { iteration: made, report, capture, ...(point === undefined ? {} : { point }) };
      }
    } finally {
      await step.dispose();
    }
  }
  const snapshot = { iteration: iterations, ...optimiser.capture(), curve: recorder.capture() };
  return { parameters: snapshot.parameters, curve: recorder.curve, iterations, snapshot };
}

/** @throws Error for a problem with neither a loss nor a step of its own */
function openStep(problem: TrainingProblem): Promise<TrainingStep> {
  const { step, loss, device } = problem;
  if (step !== undefined) return step();
  if (loss === undefined) throw new Error('There is nothing to train.');
  return compileStep(device, { ...problem, loss });
}

/** What gradients are to be scaled by so that their norm is at most `most`; NaN where they are not finite. */
function clipOf(gradients: Outputs, most: number): number {
  let squares = 0;
  for (const values of Object.values(gradients)) {
    for (let i = 0; i < values.length; i += 1) squares += (values[i] as number) ** 2;
  }
  return Number.isFinite(squares) ? most / Math.max(most, Math.sqrt(squares)) : Number.NaN;
}

function shrink(gradients: Outputs, scale: number): void {
  for (const values of Object.values(gradients)) {
    for (let i = 0; i < values.length; i += 1) values[i] = scale * (values[i] as number);
  }
}

/**
 * The loss does not show everything: a unit that is cut off passes no NaN on, and where a gradient's square overflows, Adam takes steps
 * of zero ever after.
 */
function refuseNonFinite(problem: TrainingProblem, iteration: number, { parameters, moments }: Adam): void {
  const bad = (values: Parameters): string | undefined =>
    Object.keys(values).find((name) => !values[name]?.every(Number.isFinite));
  const parameter = bad(parameters);
  if (parameter !== undefined) throw diverged(problem, iteration, `"${parameter}" is not finite`);
  const moment = bad(moments.first) ?? bad(moments.second);
  if (moment === undefined) return;
  throw diverged(problem, iteration, `the average gradient of "${moment}" is not finite`);
}

/** The part of the learning rate that decay has left. */
function remaining({ decay, iterations, begin = 0 }: TrainingProblem, iteration: number): number {
  if (decay === 'constant') return 1;
  return 0.5 * (1 + Math.cos((Math.PI * (iteration - begin)) / (iterations - begin)));
}

function reportOf(results: Readonly<Record<string, Float32Array>>): Record<string, number> {
  const entries = Object.entries(results).map(([name, [value = Number.NaN]]) => [name, value] as const);
  const reported = entries.filter(([name]) => name.startsWith('report/'));
  if (reported.length === 0) return Object.fromEntries(entries);
  return Object.fromEntries(reported.map(([name, value]) => [name.slice('report/'.length), value]));
}

function arrayOf({ shape, dtype = 'float32' }: TensorSpec): TensorData {
  const size = sizeOf(shape);
  if (dtype === 'float32') return new Float32Array(size);
  return dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size);
}

function diverged(
  { name = 'The network', learningRate, decay, advice }: TrainingProblem,
  iteration: number,
  what: string,
): RunError {
  const warm = decay === 'constant' ? ' or a "decay" to zero' : '';
  return new RunError(
    `${name} diverged in training: at update ${iteration.toLocaleString('en')} ${what}. Use a "learningRate" below ${learningRate}${warm}${advice === undefined ? '' : ` or ${advice}`}.`,
  );
}

import type { Parameters } from '../../models/network';
import type { Device } from '../../tensor/types';
import { componentSeed } from '../componentSeed';
import type { CurvePoint, TrainingCurve } from '../curve';
import { train, type TrainingSnapshot } from '../train';
import { minibatches, type RowsOf } from './minibatches';
import { boundsOver, dataAtOnce, type BoundOf, type VaeObjective } from './objective';

export interface VaeTraining {
  readonly device: Device;
  readonly objective: VaeObjective;
  readonly data: RowsOf;
  /** Pixels are drawn anew for each minibatch, with the grey level as probability. */
  readonly dynamic: boolean;
  /** What the best parameters are chosen by, `[count, D]`. */
  readonly validation: { readonly x: Float32Array; readonly count: number };
  readonly batch: number;
  /** Updates at most. */
  readonly iterations: number;
  /** Updates between two looks at the validation data. */
  readonly evaluateEvery: number;
  /** Looks without an improvement after which training ends. */
  readonly patience: number;
  readonly learningRate: number;
  readonly decay: 'constant' | 'cosine';
  readonly clip: number;
  readonly seed: number;
}

/** Parameters that did best on the validation data. */
export interface Best {
  readonly parameters: Parameters;
  /** Their mean bound on log p(x) there, nats; −∞ before the first look. */
  readonly value: number;
  /** Updates made by then. */
  readonly iteration: number;
}

/** Mean bounds on the validation data, nats. */
export interface Looks {
  readonly iterations: readonly number[];
  readonly values: readonly number[];
}

/** Everything that a training goes on from, with equal bits. Survives structured cloning. */
export interface VaeSnapshot {
  /** Updates made; all of them where patience has ended the training. */
  readonly iteration: number;
  readonly training: TrainingSnapshot;
  readonly best: Best;
  readonly looks: Looks;
  /** Updates made, once training has ended. */
  readonly ended?: number;
}

export interface VaeProgress {
  readonly iteration: number;
  readonly capture: () => VaeSnapshot;
  readonly point?: CurvePoint;
  /** The parameters as they stand, after a look at the validation data. */
  readonly looked?: Parameters;
}

export interface TrainedVae {
  readonly best: Best;
  readonly curve: TrainingCurve;
  readonly looks: Looks;
  /** Updates made. */
  readonly iterations: number;
}

/** Of the learning curve. */
export function validationQuantity(quantity: string): string {
  return `${quantity}, validation`;
}

/**
 * Raises a bound on log p(x) with Adam on minibatches. Every so often the bound of the validation data is computed, with the same noise
 * each time; the parameters that were best there are what remains.
 * @param resume goes on from there
 * @returns after a yield for each update and one for each look
 * @throws RunError with advice when training diverges
 */
export async function* trainVae(options: VaeTraining, resume?: VaeSnapshot): AsyncGenerator<VaeProgress, TrainedVae> {
  const { device, objective, data, batch, iterations, evaluateEvery, validation, seed } = options;
  let best = resume?.best ?? { parameters: {}, value: -Infinity, iteration: 0 };
  const looks = { iterations: [...(resume?.looks.iterations ?? [])], values: [...(resume?.looks.values ?? [])] };
  if (resume?.ended !== undefined) {
    const curve = resume.training.curve?.curve ?? { iterations: [], values: {} };
    return { best, curve, looks, iterations: resume.ended };
  }
  const { fill: fillNoise, ...problem } = objective.problem(batch, seed);
  const { fill } = minibatches(data, batch, seed, options.dynamic);
  const training = train(
    {
      device,
      name: 'The VAE',
      shapes: objective.shapes,
      initial: objective.initial(componentSeed(seed, 'vae')),
      ...problem,
      feed: (iteration, feeds) => {
        fill(feeds['x'] as Float32Array, iteration);
        fillNoise(feeds, iteration);
      },
      iterations,
      learningRate: options.learningRate,
      decay: options.decay,
      clip: options.clip,
      ...(objective.advice === undefined ? {} : { advice: objective.advice }),
    },
    resume?.training,
  );
  const rows = dataAtOnce(objective, validation.count);
  const draws = { seed: componentSeed(seed, 'vae/validation'), step: 0 };
  let judge: BoundOf | undefined;
  try {
    let next = await training.next();
    while (next.done !== true) {
      const { iteration, capture, point } = next.value;
      const kept = (): Omit<VaeSnapshot, 'iteration'> => ({
        training: capture(),
        best,
        looks: { iterations: [...looks.iterations], values: [...looks.values] },
      });
      const isLook = iteration % evaluateEvery === 0 || iteration === iterations;
      if (!isLook) {
        yield { iteration, capture: () => ({ iteration, ...kept() }), ...(point && { point }) };
      } else {
        const { parameters } = capture();
        judge ??= await objective.open(rows);
        const value = mean(await last(boundsOver(judge, rows, parameters, validation, draws)));
        if (value > best.value) best = { parameters, value, iteration };
        looks.iterations.push(iteration);
        looks.values.push(value);
        const bestLook = looks.iterations.indexOf(best.iteration);
        const ended = iteration === iterations || looks.values.length - 1 - bestLook >= options.patience;
        const snapshot = (): VaeSnapshot =>
          ended ? { iteration: iterations, ...kept(), ended: iteration } : { iteration, ...kept() };
        const values = { ...point?.values, [validationQuantity(objective.quantity)]: value };
        yield {
          iteration: ended ? iterations : iteration,
          capture: snapshot,
          point: { iteration, values },
          looked: parameters,
        };
        if (ended) return { best, curve: snapshot().training.curve?.curve ?? noCurve, looks, iterations: iteration };
      }
      next = await training.next();
    }
    return { best, curve: next.value.curve, looks, iterations: next.value.iterations };
  } finally {
    await training.return(undefined as never);
    await judge?.dispose();
  }
}

const noCurve: TrainingCurve = { iterations: [], values: {} };

async function last<T>(generator: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const next = await generator.next();
    if (next.done === true) return next.value;
  }
}

function mean(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

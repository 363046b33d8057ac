import type { NetworkCriticSpec } from '../../shared/runFile';
import type { GenerativeModel } from '../models';
import { criticNetwork, type Critic } from '../models/critic';
import type { Parameters } from '../models/network';
import { fillNormals } from '../tensor/random/streams';
import type { Device, TensorData } from '../tensor/types';
import { componentSeed } from './componentSeed';
import { criticBase } from './criticBase';
import { criticInputs, criticLoss, criticQuantities, type CriticSetup } from './criticLoss';
import type { TrainingCurve } from './curve';
import { energySamples } from './energySamples';
import { leastWeight } from './objectives/mineDv';
import { fillPairs } from './pairs';
import { train, type TrainingProgress, type TrainingSnapshot } from './train';
import type { TrainedProposal } from './types';

/** A learned T(x, z) with the base that it corrects, ready to be used. */
export interface TrainedCritic {
  /** Its name in the run file. */
  readonly name: string;
  readonly critic: Critic;
  readonly parameters: Parameters;
  /** The prior, a proposal of the run, or the copy of one that was trained along. */
  readonly base: 'prior' | TrainedProposal;
  /** Absent where it was loaded. */
  readonly curve?: TrainingCurve;
}

/** What a critic is trained for. */
export interface CriticContext {
  readonly model: GenerativeModel;
  readonly device: Device;
  /** Of the run; the critic's name makes its own from it. */
  readonly seed: number;
  /** What `spec.base` names. */
  readonly base: 'prior' | TrainedProposal;
}

/** A training between two updates. */
export interface CriticSnapshot extends TrainingSnapshot {
  /** MINE-DV: log of the moving average of E[e^T]. */
  readonly logAverage?: number;
}

/**
 * Trains T(x, z) on pairs simulated from the model, raising the bound that `spec.objective` names.
 * @returns after one yield for each update; what it captures is a {@link CriticSnapshot}
 * @throws RunError with advice when training diverges
 */
export async function* trainCritic(
  spec: NetworkCriticSpec,
  context: CriticContext,
  resume?: CriticSnapshot,
): AsyncGenerator<TrainingProgress, TrainedCritic> {
  const { model, device } = context;
  const { latent, outputs } = model.decoder;
  const { name, hidden, activation, objective, iterations, learningRate, decay } = spec;
  const seed = componentSeed(context.seed, name);
  const critic = criticNetwork({ latent, outputs, hidden, activation });
  const base = criticBase(context.base, spec.trainBase, model);
  const setup: CriticSetup = { spec, model, critic, base };
  let logAverage = resume?.logAverage;
  const rest = iterations - (resume?.iteration ?? 0);
  const sampler =
    objective === 'mine-ais' && rest > 0 ? await energySamples({ ...spec, ...setup, device, seed }) : undefined;
  const training = train(
    {
      device,
      name: `The critic "${name}"`,
      shapes: { ...critic.shapes, ...base.shapes },
      // T = 1 is what MINE-F needs to begin at the bound of its base; the others take any constant.
      initial: { ...critic.initial(seed, objective === 'mine-f' ? 1 : 0), ...base.initial },
      inputs: criticInputs(setup),
      constants: { ...model.decoder.constants, ...base.constants },
      loss: criticLoss(setup),
      feed: (iteration, feeds, parameters) => {
        if (sampler !== undefined) return sampler.draw(iteration, feeds, parameters);
        fillPairs(model, feeds, seed, iteration);
        fillSamples(feeds, setup, seed, iteration);
        if (objective === 'mine-dv') fillAverage(feeds, iteration, logAverage);
      },
      iterations,
      learningRate,
      decay,
    },
    resume,
  );
  try {
    let next = await training.next();
    while (next.done !== true) {
      const progress = next.value;
      logAverage = progress.report[criticQuantities.logAverage];
      const own = logAverage === undefined ? {} : { logAverage };
      yield { ...progress, capture: (): CriticSnapshot => ({ ...progress.capture(), ...own }) };
      next = await training.next();
    }
    const { parameters, curve } = next.value;
    const ofCritic = Object.fromEntries(
      Object.keys(critic.shapes).map((key) => [key, parameters[key] as Float32Array]),
    );
    return { name, critic, parameters: ofCritic, base: base.trained(parameters, `${name}-base`), curve };
  } finally {
    // Where this generator is left before its end, the inner one is too.
    await training.return(undefined as never);
    await sampler?.dispose();
  }
}

/** Draws what negatives are made of: of each x by itself from a proposal, shared by all from the prior. */
function fillSamples(
  feeds: Readonly<Record<string, TensorData>>,
  { spec, model, base }: CriticSetup,
  seed: number,
  step: number,
): void {
  const out = feeds['samples'] as Float32Array | undefined;
  if (out === undefined) return;
  const width = model.decoder.latent;
  const rows = out.length / width;
  const [chains, data] = base.isPrior ? [1, rows] : [rows / spec.batch, spec.batch];
  fillNormals(out, { seed, stream: 'trainingSamples', step, firstChain: 0, chains, firstDatum: 0, data, width });
}

/** Weights of the moving average: at first that of a plain mean, so that it does not remember where it began. */
function fillAverage(
  feeds: Readonly<Record<string, TensorData>>,
  iteration: number,
  logAverage: number | undefined,
): void {
  const weight = logAverage === undefined ? 1 : Math.max(leastWeight, 1 / (iteration + 1));
  (feeds['logKept'] as Float32Array)[0] = logAverage === undefined ? -1e30 : Math.log1p(-weight) + logAverage;
  (feeds['logWeight'] as Float32Array)[0] = Math.log(weight);
}

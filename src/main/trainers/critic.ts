import { RunError } from '../../shared/errors';
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

/** What an objective carries from one update to the next beside the optimiser's own. */
interface Carried {
  /** MINE-DV: log of the moving average of E[e^T]. */
  readonly logAverage?: number;
  /** MINE-AIS: updates in a row whose chains refused every proposal. */
  readonly refused?: number;
}

/** A training between two updates. */
export interface CriticSnapshot extends TrainingSnapshot, Carried {}

/** So many updates, with so many proposals, all refused in a row are no accident. */
const mostRefused = { updates: 100, proposals: 10_000 };

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
  let carried: Carried = { ...pick(resume) };
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
        if (objective === 'mine-dv') fillAverage(feeds, iteration, carried.logAverage);
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
      const own = (carried = carriedOn(carried, progress.report));
      refuseStuck(spec, progress.iteration, own);
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

function pick({ logAverage, refused }: Carried = {}): Carried {
  return { ...(logAverage === undefined ? {} : { logAverage }), ...(refused === undefined ? {} : { refused }) };
}

function carriedOn({ refused = 0 }: Carried, report: Readonly<Record<string, number>>): Carried {
  const logAverage = report[criticQuantities.logAverage];
  if (logAverage !== undefined) return { logAverage };
  const acceptance = report[criticQuantities.acceptance];
  return acceptance === undefined ? {} : { refused: acceptance === 0 ? refused + 1 : 0 };
}

/** Chains that never move give no gradient, and nothing else would tell. */
function refuseStuck(
  { name, transitions, batch, stepSize, learningRate }: NetworkCriticSpec,
  iteration: number,
  { refused = 0 }: Carried,
): void {
  if (refused < mostRefused.updates || refused * transitions * batch < mostRefused.proposals) return;
  const [updates, at] = [refused, iteration].map((count) => count.toLocaleString('en'));
  throw new RunError(
    `The critic "${name}" has stopped learning: up to update ${at} the HMC chains of ${updates} updates in a row refused every proposal. Use a "stepSize" below ${stepSize}, or a "learningRate" below ${learningRate}.`,
  );
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

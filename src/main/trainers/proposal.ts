import type { NetworkProposalSpec } from '../../shared/runFile';
import type { GenerativeModel } from '../models';
import { gaussianNetwork, type ConditionalGaussian } from '../models/conditionalGaussian';
import { initialParameters } from '../models/network';
import { fillNormals } from '../tensor/random/streams';
import type { Device, TensorData, TensorSpec } from '../tensor/types';
import { componentSeed } from './componentSeed';
import { fillPairs, pairInputs } from './pairs';
import { drawnSamples, proposalLoss, refinementLoss } from './proposalLoss';
import { train, type TrainingProblem, type TrainingProgress, type TrainingSnapshot } from './train';
import type { TrainedProposal } from './types';

/** What a proposal is trained for. */
export interface ProposalContext {
  readonly model: GenerativeModel;
  readonly device: Device;
  /** Of the run; the proposal's name makes its own from it. */
  readonly seed: number;
  /** Data of the run `[count, D]`, read by "refine" alone. */
  readonly x: Float32Array;
  readonly count: number;
}

/**
 * Trains q(z | x) on pairs simulated from the model, then refines it on the data of the run where that is asked for. Both share
 * Adam's state, the numbering of iterations and the learning curve.
 * @throws RunError with advice when training diverges
 */
export async function* trainProposal(
  spec: NetworkProposalSpec,
  context: ProposalContext,
  resume?: TrainingSnapshot,
): AsyncGenerator<TrainingProgress, TrainedProposal> {
  const { decoder } = context.model;
  const { name, hidden, activation, iterations } = spec;
  const gaussian = gaussianNetwork({ latent: decoder.latent, outputs: decoder.outputs, hidden, activation });
  let snapshot = resume;
  if (snapshot === undefined || snapshot.iteration < iterations) {
    ({ snapshot } = yield* train(proposalProblem(spec, context, gaussian), snapshot));
  }
  const { parameters, curve } = yield* train(refinementProblem(spec, context, gaussian), snapshot);
  return { name, gaussian, parameters, curve };
}

/** Training on simulated pairs. */
export function proposalProblem(
  spec: NetworkProposalSpec,
  context: ProposalContext,
  gaussian: ConditionalGaussian,
): TrainingProblem {
  const { model } = context;
  const { batch, iterations, objective } = spec;
  const seed = componentSeed(context.seed, spec.name);
  const samples = drawnSamples(objective, spec.samples);
  const { latent } = model.decoder;
  const inputs: Record<string, TensorSpec> = pairInputs(model, batch);
  if (samples > 0) inputs['samples'] = { shape: [samples * batch, latent] };
  return {
    ...common(spec, context, gaussian),
    inputs,
    loss: proposalLoss(objective, model, gaussian),
    feed: (iteration, feeds) => {
      fillPairs(model, feeds, seed, iteration);
      if (samples > 0) fillSamples(feeds, seed, iteration, samples, latent);
    },
    iterations,
    end: iterations + spec.refine,
  };
}

/** Further training of the ELBO on the run's own data, taken in turn where a minibatch does not hold them all. */
function refinementProblem(
  spec: NetworkProposalSpec,
  context: ProposalContext,
  gaussian: ConditionalGaussian,
): TrainingProblem {
  const { model, x, count } = context;
  const { latent, outputs } = model.decoder;
  const rows = Math.min(count, spec.batch);
  const seed = componentSeed(context.seed, spec.name);
  return {
    ...common(spec, context, gaussian),
    inputs: { x: { shape: [rows, outputs] }, samples: { shape: [rows, latent] } },
    loss: refinementLoss(model, gaussian),
    feed: (iteration, feeds) => {
      const batch = feeds['x'] as Float32Array;
      for (let row = 0; row < rows; row += 1) {
        const datum = ((iteration - spec.iterations) * rows + row) % count;
        batch.set(x.subarray(datum * outputs, (datum + 1) * outputs), row * outputs);
      }
      fillSamples(feeds, seed, iteration, 1, latent);
    },
    begin: spec.iterations,
    iterations: spec.iterations + spec.refine,
  };
}

function common(spec: NetworkProposalSpec, { model, device, seed }: ProposalContext, { shapes }: ConditionalGaussian) {
  const { name, learningRate, decay } = spec;
  return {
    device,
    name: `The proposal "${name}"`,
    shapes,
    initial: initialParameters(shapes, componentSeed(seed, name)),
    constants: model.decoder.constants,
    learningRate,
    decay,
  };
}

/** Draws the noise of samples of q, which is apart from that of the pairs. */
function fillSamples(
  feeds: Readonly<Record<string, TensorData>>,
  seed: number,
  step: number,
  chains: number,
  width: number,
): void {
  const out = feeds['samples'] as Float32Array;
  const data = out.length / (chains * width);
  fillNormals(out, { seed, stream: 'trainingSamples', step, firstChain: 0, chains, firstDatum: 0, data, width });
}

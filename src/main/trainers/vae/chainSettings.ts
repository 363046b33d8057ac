import type { VaeChainSpec } from '../../../shared/runFile';
import { initialParameters, type ParameterShapes, type Parameters } from '../../models/network';
import type { Feeds } from '../../tensor/types';
import { componentSeed } from '../componentSeed';
import { refreshmentFor } from '../dais/parameters';
import { coefficientsOf, samplerGradient, type SamplerParameters } from '../mcd/parameters';
import { initialScore, scoreNetwork, type ScoreNetwork } from '../mcd/scoreNetwork';
import { halved, initialStepSizes, type StepSizes } from '../mcd/stepSizes';
import type { Coefficients, Floats, PathGradient, PathOptions } from '../paths/types';
import type { Vae } from './networks';
import { encoderShapesOf } from './encoderPrograms';

type SamplerName = 'schedule' | 'stepSizes' | 'logMass' | 'refreshment';

/** What a chain's bound is made of. */
export interface ChainSettings {
  readonly path: Omit<PathOptions, 'gradients' | 'keep'>;
  readonly particles: number;
  /** Left out where the reversal is not learned. */
  readonly network?: ScoreNetwork;
  /** c: numbers that the network is told of each datum. */
  readonly summary: number;
  /** Of the networks, the summary, the sampler and the score network: everything that is trained. */
  readonly shapes: ParameterShapes;
  readonly initial: (seed: number) => Parameters;
  /** @param parameters by "parameters/name" */
  readonly coefficients: (parameters: Feeds) => Coefficients;
  /** Halves the step sizes in place, where they are trained. @param parameters by their names */
  readonly halve: (parameters: Parameters) => void;
  /** The gradient of what of the sampler is trained, written by "gradients/name". */
  readonly writeGradient: (parameters: Feeds, gradient: PathGradient, gradients: Record<string, Floats>) => void;
}

const samplerPrefix = 'sampler.';
export const scorePrefix = 'score.';

export function chainSettings(spec: VaeChainSpec, vae: Vae): ChainSettings {
  const { steps, particles } = spec;
  const overdamped = spec.type === 'ula' || spec.type === 'ula-mcd';
  const sizes: StepSizes = { form: 'network', steps, maximum: spec.maxStepSize };
  const score = 'score' in spec ? spec.score : undefined;
  const network =
    score &&
    scoreNetwork({
      ...{ dim: vae.latent, steps, momentum: !overdamped, conditioning: score.summary },
      ...{ width: score.width, blocks: score.blocks, embedding: score.embedding },
    });
  const first = samplerStart(spec, vae.latent, sizes, 0);
  const trained = samplerNames(spec);
  const samplerShapes = Object.fromEntries(trained.map((name) => [`${samplerPrefix}${name}`, [first[name].length]]));
  const scoreShapes = Object.fromEntries(
    Object.entries(network?.shapes ?? {}).map(([name, shape]) => [`${scorePrefix}${name}`, shape]),
  );
  const summary = score?.summary ?? 0;
  const encoderShapes = encoderShapesOf(vae, summary);
  const samplerOf = (parameters: Feeds): SamplerParameters => ({
    ...first,
    ...Object.fromEntries(
      trained.map((name) => [name, Float64Array.from(parameters[`parameters/${samplerPrefix}${name}`] as Floats)]),
    ),
  });
  return {
    path: {
      dynamics: overdamped ? 'overdamped' : 'underdamped',
      ...(overdamped ? {} : { integrator: spec.type === 'dais' ? 'drift-kick-drift' : 'kick-drift-kick' }),
      steps,
    },
    particles,
    ...(network === undefined ? {} : { network }),
    summary,
    shapes: { ...encoderShapes, ...vae.decoderShapes, ...samplerShapes, ...scoreShapes },
    initial: (seed) => ({
      ...vae.initial(seed),
      ...summaryStart(vae, summary, seed),
      ...Object.fromEntries(
        trained.map((name) => [
          `${samplerPrefix}${name}`,
          Float32Array.from(samplerStart(spec, vae.latent, sizes, seed)[name]),
        ]),
      ),
      ...(network === undefined
        ? {}
        : Object.fromEntries(
            Object.entries(initialScore(network, componentSeed(seed, 'score'))).map(([name, values]) => [
              `${scorePrefix}${name}`,
              values,
            ]),
          )),
    }),
    coefficients: (parameters) => coefficientsOf(samplerOf(parameters), sizes),
    halve: (parameters) => {
      const values = parameters[`${samplerPrefix}stepSizes`];
      values?.set(halved(sizes, Float64Array.from(values), () => true));
    },
    writeGradient: (parameters, gradient, gradients) => {
      const found = samplerGradient(samplerOf(parameters), sizes, gradient);
      for (const name of trained) gradients[`gradients/${samplerPrefix}${name}`]?.set(found[name]);
    },
  };
}

/** What of the sampler is trained. */
function samplerNames(spec: VaeChainSpec): SamplerName[] {
  const momentum = 'mass' in spec ? spec : undefined;
  const learned: Readonly<Record<SamplerName, boolean>> = {
    // The last of the inverse temperatures is 1, so one alone is not free.
    schedule: spec.schedule === 'learned' && spec.steps > 1,
    stepSizes: spec.learnStepSizes,
    logMass: momentum?.mass === 'diagonal',
    refreshment: momentum?.learnRefreshment === true,
  };
  return (Object.keys(learned) as SamplerName[]).filter((name) => learned[name]);
}

function samplerStart(spec: VaeChainSpec, latent: number, sizes: StepSizes, seed: number): SamplerParameters {
  return {
    // Paths start from q(z | x) instead; these only say how long z is.
    mean: new Float64Array(latent),
    logVariance: new Float64Array(latent),
    schedule: new Float64Array(spec.steps),
    stepSizes: initialStepSizes(sizes, spec.stepSize, seed),
    logMass: new Float64Array(latent),
    refreshment: Float64Array.of('refreshment' in spec ? refreshmentFor(spec.refreshment) : 0),
  };
}

function summaryStart(vae: Vae, summary: number, seed: number): Parameters {
  if (summary === 0) return {};
  return initialParameters(
    { 'summary.weight': [summary, vae.featureWidth], 'summary.bias': [summary] },
    componentSeed(seed, 'summary'),
  );
}

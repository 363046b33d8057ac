import * as tf from '@tensorflow/tfjs-core';
import { exact } from '../../tensor/exact';
import { sizeOf, type Device, type Feeds, type Outputs, type Program, type TensorSpec } from '../../tensor/types';
import { flowNoise } from '../dais/noise';
import { timesName } from '../mcd/scoreNetwork';
import { floatsOf } from '../paths/floats';
import { farthest } from '../paths/states';
import { tracedPath } from '../paths/traced';
import type { Floats } from '../paths/types';
import type { ChainProblem } from './chainPaths';
import type { ChainGradient, ChainPass } from './chainPass';
import { scorePrefix, type ChainSettings } from './chainSettings';
import { posteriorDensity } from './decoderFields';
import { EncoderPrograms } from './encoderPrograms';
import type { Vae } from './networks';

/** Preparing a graph takes time that grows with its square: some five seconds for so many transitions, twenty for twice as many. */
const mostTransitions = 64;
/** Bytes that everything which is kept for the pass backward may take. */
const memory = 2 ** 29;

/** Whether a pass over the chains may be one program. */
export function fitsInOneProgram({ vae, settings, precision, data }: ChainProblem): boolean {
  const { path, particles, network } = settings;
  if (path.steps > mostTransitions) return false;
  const widths = Object.values(vae.decoderShapes).filter((shape) => shape.length === 1);
  const decoder = widths.reduce((total, [width = 0]) => total + width, 0);
  const { width = 0, blocks = 0 } = network?.size ?? {};
  // Of the decoder some four matrices a layer are alive until the end, of the score network a dozen a block.
  const numbers = 4 * decoder + 12 * (blocks + 1) * width + 20 * vae.latent;
  const bytes = precision === 'float64' ? 8 : 4;
  return particles * data * path.steps * numbers * bytes <= memory;
}

/**
 * All transitions forward and backward in one program, with nothing evaluated twice and no way back to the host in between. Takes memory for
 * what every transition has computed.
 */
export class WholePass implements ChainPass {
  readonly encoder: EncoderPrograms;
  private readonly program: Program;
  private readonly settings: ChainSettings;
  private readonly data: number;
  private readonly names: readonly string[];
  private readonly noise: ReturnType<typeof flowNoise>;
  /** What the program is fed beside parameters and data, and what it writes beside their gradients. */
  private readonly inputs: Record<string, Floats>;
  private readonly found: Record<string, Floats>;

  private constructor(
    program: Program,
    encoder: EncoderPrograms,
    { vae, settings, data, precision }: ChainProblem,
    seed: number,
  ) {
    const make = floatsOf(precision);
    this.program = program;
    this.encoder = encoder;
    this.settings = settings;
    this.data = data;
    this.names = parameterNames(vae, settings);
    this.noise = flowNoise(seed, vae.latent, settings.path.steps + 1);
    this.inputs = Object.fromEntries(
      Object.entries(ownInputs(vae, settings, data)).map(([name, { shape }]) => [name, make(sizeOf(shape))]),
    );
    this.found = Object.fromEntries(
      Object.entries(program.outputs)
        .filter(([name]) => !name.startsWith('gradients/'))
        .map(([name, { shape }]) => [name, make(sizeOf(shape))]),
    );
  }

  /** @param seed of the noise */
  static async open(options: ChainProblem, seed: number): Promise<WholePass> {
    const { device, vae, settings, precision, data } = options;
    const { summary } = settings;
    const encoder = await EncoderPrograms.open({ device, vae, precision, data, summary, gradients: true });
    return new WholePass(await compile(device, options), encoder, options, seed);
  }

  async run(parameters: Feeds, x: Floats, step: number, into: Outputs): Promise<ChainGradient | undefined> {
    const { encoder, settings, inputs, found } = this;
    await encoder.run(parameters, x);
    const { betas, steps, refreshment, mass } = settings.coefficients(parameters);
    const encoded = { mean: encoder.mean, logVariance: encoder.logVariance, summary: encoder.summary };
    for (const [name, values] of Object.entries({ ...encoded, betas, steps, mass })) inputs[name]?.set(values);
    inputs['refreshment']?.fill(refreshment);
    this.draw(step);
    const own = Object.fromEntries(
      this.names.map((name) => [`parameters/${name}`, parameters[`parameters/${name}`] as Floats]),
    );
    await this.program.run({ ...own, ...inputs, x }, { ...into, ...found });
    const [bound = Number.NaN] = found['bound'] ?? [];
    const [reach = Number.NaN] = found['reach'] ?? [];
    if (!Number.isFinite(bound) || !(reach <= farthest)) return undefined;
    const bar = (name: string): Float64Array => Float64Array.from(found[`${name}Bar`] ?? []);
    return {
      bound,
      path: {
        start: { mean: bar('mean'), logVariance: bar('logVariance') },
        betas: bar('betas'),
        steps: bar('steps'),
        refreshment: found['refreshmentBar']?.[0] ?? 0,
        mass: bar('mass'),
      },
      summary: bar('summary'),
    };
  }

  async dispose(): Promise<void> {
    await this.program.dispose();
    await this.encoder.dispose();
  }

  /** The same noise that chains have which go transition by transition. */
  private draw(step: number): void {
    const { inputs, settings, data } = this;
    const noise = this.noise(step, { firstChain: 0, chains: settings.particles, firstDatum: 0, data });
    const { position, momentum, transitions } = inputs as Record<'position' | 'momentum' | 'transitions', Floats>;
    noise.position(position);
    if (momentum !== undefined) noise.momentum(momentum);
    const size = position.length;
    for (let k = 1; k <= settings.path.steps; k += 1) {
      noise.refreshment(transitions.subarray((k - 1) * size, k * size), k);
    }
  }
}

/** Of the decoder and of the score network. */
function parameterNames(vae: Vae, { network }: ChainSettings): string[] {
  return [
    ...Object.keys(vae.decoderShapes),
    ...Object.keys(network?.shapes ?? {}).map((name) => `${scorePrefix}${name}`),
  ];
}

function ownInputs(
  { latent }: Vae,
  { path, particles, summary }: ChainSettings,
  data: number,
): Record<string, TensorSpec> {
  const [rows, matrix] = [particles * data, { shape: [data, latent] }];
  const underdamped = path.dynamics === 'underdamped';
  return {
    mean: matrix,
    logVariance: matrix,
    ...(summary > 0 ? { summary: { shape: [data, summary] } } : {}),
    betas: { shape: [path.steps] },
    steps: { shape: [path.steps] },
    ...(underdamped ? { refreshment: { shape: [1] }, mass: { shape: [latent] } } : {}),
    position: { shape: [rows, latent] },
    ...(underdamped ? { momentum: { shape: [rows, latent] } } : {}),
    transitions: { shape: [path.steps, rows, latent] },
  };
}

function compile(device: Device, { vae, settings, data, precision }: ChainProblem): Promise<Program> {
  const { path, particles, network } = settings;
  const own = ownInputs(vae, settings, data);
  const names = parameterNames(vae, settings);
  const shapes = { ...vae.decoderShapes, ...settings.shapes };
  const parameters = Object.fromEntries(
    names.map((name): [string, TensorSpec] => [`parameters/${name}`, { shape: shapes[name] ?? [] }]),
  );
  const noises = new Set(['position', 'momentum', 'transitions']);
  const differentiated = [...Object.keys(parameters), ...Object.keys(own).filter((name) => !noises.has(name))];
  return device.compile(
    (tensors) => {
      let kept: tf.Tensor | undefined;
      const bound = (...values: tf.Tensor[]): tf.Scalar => {
        const at: Record<string, tf.Tensor> = { ...tensors };
        differentiated.forEach((name, index) => (at[name] = values[index] as tf.Tensor));
        const { logWeights, reach } = weights(vae, settings, at);
        kept = tf.keep(tf.clone(reach));
        if (particles === 1) return tf.mean(logWeights);
        return tf.sub(tf.mean(tf.logSumExp(tf.reshape(logWeights, [particles, data]), 0)), exact(Math.log(particles)));
      };
      const lowered = tf.valueAndGrads((...values: tf.Tensor[]) => tf.neg<tf.Scalar>(bound(...values)))(
        differentiated.map((name) => tensors[name] as tf.Tensor),
      );
      const reach = tf.clone(kept as tf.Tensor);
      tf.dispose(kept);
      const outputs: Record<string, tf.Tensor> = { bound: tf.neg(lowered.value), reach };
      differentiated.forEach((name, index) => {
        const gradient = lowered.grads[index] as tf.Tensor;
        outputs[name in parameters ? name.replace('parameters', 'gradients') : `${name}Bar`] = gradient;
      });
      return outputs;
    },
    { inputs: { ...parameters, ...own, x: { shape: [data, vae.pixels] } }, precision },
  );

  /** log w of all rows. */
  function weights(
    { latent }: Vae,
    { summary }: ChainSettings,
    at: Record<string, tf.Tensor>,
  ): ReturnType<typeof tracedPath> {
    const named = (prefix: string, of: readonly string[]): Record<string, tf.Tensor> =>
      Object.fromEntries(of.map((name) => [name, at[`parameters/${prefix}${name}`] as tf.Tensor]));
    const tiled = (values: tf.Tensor): tf.Tensor2D =>
      (particles === 1 ? values : tf.tile(values, [particles, 1])) as tf.Tensor2D;
    const log = posteriorDensity(vae, named('', Object.keys(vae.decoderShapes)), at['x'] as tf.Tensor2D);
    const unused = tf.zeros<tf.Rank.R1>([latent]);
    const inputs = {
      mean: tiled(at['mean'] as tf.Tensor),
      logVariance: tiled(at['logVariance'] as tf.Tensor),
      betas: at['betas'] as tf.Tensor1D,
      steps: at['steps'] as tf.Tensor1D,
      refreshment: (at['refreshment'] ?? unused) as tf.Tensor1D,
      mass: (at['mass'] ?? unused) as tf.Tensor1D,
      position: at['position'] as tf.Tensor2D,
      ...(at['momentum'] === undefined ? {} : { momentum: at['momentum'] as tf.Tensor2D }),
      transitions: at['transitions'] as tf.Tensor3D,
    };
    if (network === undefined) return tracedPath(path, log, inputs);
    const score = named(scorePrefix, Object.keys(network.shapes));
    return tracedPath(path, log, inputs, (position, momentum) =>
      network.apply(score, {
        position,
        ...(momentum === undefined ? {} : { momentum }),
        ...(summary === 0 ? {} : { conditioning: tiled(at['summary'] as tf.Tensor) }),
        times: score[timesName] as tf.Tensor2D,
      }),
    );
  }
}

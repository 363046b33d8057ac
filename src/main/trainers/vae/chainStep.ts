import type { Feeds, Outputs, TensorSpec } from '../../tensor/types';
import type { Floats } from '../paths/types';
import type { TrainingStep } from '../train';
import type { ChainProblem } from './chainPaths';
import type { ChainPass } from './chainPass';
import type { ChainSettings } from './chainSettings';
import { SteppedPass } from './steppedPass';
import { fitsInOneProgram, WholePass } from './wholePass';

const scalar: Required<TensorSpec> = { shape: [], dtype: 'float32' };

/**
 * −E[log (1/N) Σ_n w_n] of a minibatch and its gradient: of decoder and score network by a pass over the chains, of the sampler's and the
 * encoder's parameters by what the pass says of them. It reads `x [B, D]` and `iteration`, and as `compileStep` would, parameters.
 * Where a chain leaves the numbers, the loss is NaN and the gradients mean nothing.
 */
export class ChainStep implements TrainingStep {
  readonly outputs: Readonly<Record<string, Required<TensorSpec>>>;
  private readonly pass: ChainPass;
  private readonly settings: ChainSettings;
  private readonly quantity: string;

  private constructor(pass: ChainPass, settings: ChainSettings, quantity: string) {
    this.pass = pass;
    this.settings = settings;
    this.quantity = quantity;
    this.outputs = { loss: scalar, [`report/${quantity}`]: scalar };
  }

  /**
   * @param seed of the noise
   * @param whole whether all transitions are one program; where left out, whatever is faster here
   */
  static async open(
    options: ChainProblem,
    quantity: string,
    seed: number,
    whole = fitsInOneProgram(options),
  ): Promise<ChainStep> {
    const pass = whole ? await WholePass.open(options, seed) : await SteppedPass.open(options, seed);
    return new ChainStep(pass, options.settings, quantity);
  }

  async run(feeds: Feeds, into: Outputs = {}): Promise<Outputs> {
    const { pass, settings } = this;
    const x = feeds['x'] as Floats;
    const found = await pass.run(feeds, x, feeds['iteration']?.[0] ?? 0, into);
    if (found === undefined) return this.write(into, Number.NaN);
    const gradients = into as Record<string, Floats>;
    const { path, summary } = found;
    settings.writeGradient(feeds, path, gradients);
    await pass.encoder.gradient(feeds, x, { ...path.start, summary }, gradients);
    return this.write(into, found.bound);
  }

  dispose(): Promise<void> {
    return this.pass.dispose();
  }

  private write(into: Outputs, bound: number): Outputs {
    into['loss']?.fill(-bound);
    into[`report/${this.quantity}`]?.fill(bound);
    return into;
  }
}

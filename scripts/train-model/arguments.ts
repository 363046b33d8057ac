import { InputError } from '../../src/shared/errors';
import { formatList } from '../../src/shared/format';
import { activations, deviceNames, type Activation, type DeviceName } from '../../src/shared/runFile';

/** Arguments that both scripts take, as `parseArgs` wants them. */
export const commonOptions = {
  data: { type: 'string' },
  limit: { type: 'string' },
  latent: { type: 'string', default: '10' },
  hidden: { type: 'string', default: '1024,1024,1024' },
  activation: { type: 'string', default: 'tanh' },
  output: { type: 'string', default: 'sigmoid' },
  batch: { type: 'string', default: '128' },
  epochs: { type: 'string', default: '300' },
  patience: { type: 'string', default: '20' },
  'learning-rate': { type: 'string', default: '1e-4' },
  seed: { type: 'string', default: '6' },
  device: { type: 'string', default: 'cpu' },
  'output-file': { type: 'string' },
} as const;

type Values = Readonly<Partial<Record<keyof typeof commonOptions, string | undefined>>>;

/** What both scripts need to know. */
export interface Common {
  /** File of images. */
  readonly data: string;
  /** How many of its images to use. */
  readonly limit?: number;
  /** d */
  readonly latent: number;
  /** Widths of the decoder's hidden layers, from z on. */
  readonly hidden: readonly number[];
  readonly activation: Activation;
  /** What the decoder's last layer goes through. */
  readonly output: Activation;
  readonly batch: number;
  /** At most; training ends earlier when nothing has improved for `patience` epochs. */
  readonly epochs: number;
  readonly patience: number;
  readonly learningRate: number;
  readonly seed: number;
  readonly device: DeviceName;
  readonly outputFile: string;
}

/** @throws InputError naming the argument that is wrong */
export function commonArguments(values: Values): Common {
  const hidden = required(values, 'hidden').split(',').filter(Boolean);
  return {
    data: required(values, 'data'),
    ...(values.limit === undefined ? {} : { limit: whole('limit', values.limit, 2) }),
    latent: whole('latent', values.latent, 1),
    hidden: hidden.map((width) => whole('hidden', width, 1)),
    activation: oneOf('activation', values.activation, activations),
    output: oneOf('output', values.output, activations),
    batch: whole('batch', values.batch, 1),
    epochs: whole('epochs', values.epochs, 1),
    patience: whole('patience', values.patience, 1),
    learningRate: positive('learning-rate', values['learning-rate']),
    seed: whole('seed', values.seed, 0),
    device: oneOf('device', values.device, deviceNames),
    outputFile: required(values, 'output-file'),
  };
}

function required(values: Values, name: keyof Values): string {
  const value = values[name];
  if (value === undefined || value === '') throw new InputError(`--${name}`, 'is missing', 'Give it a value.');
  return value;
}

export function whole(name: string, text: string | undefined, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new InputError(`--${name} ${text}`, `is no whole number of at least ${least}`, 'Change it.');
}

export function positive(name: string, text: string | undefined): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InputError(`--${name} ${text}`, 'is no number above zero', 'Change it.');
}

export function oneOf<T extends string>(name: string, text: string | undefined, known: readonly T[]): T {
  const found = known.find((each) => each === text);
  if (found !== undefined) return found;
  throw new InputError(`--${name} ${text}`, 'is not known', `Use ${formatList(known, 'or')}.`);
}

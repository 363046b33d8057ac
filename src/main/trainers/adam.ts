import { RunError } from '../../shared/errors';
import type { ParameterShapes, Parameters } from '../models/network';
import { sizeOf, type Feeds, type Outputs } from '../tensor/types';
import bytes from './adam.wat';

// Kingma and Ba (2015), "Adam: a method for stochastic optimization", algorithm 1 in the order of operations of its section 2:
//
//     m ← 0.9 m + 0.1 g     v ← 0.999 v + 0.001 g²     θ ← θ − rate · m / (√v + 10⁻⁸)
//
// As ops of the loss's own graph these are twelve passes over memory for each update, and took from a third to a half of the time of
// wide networks. adam.wat makes one.

/** Averages of the gradient and of its square, by the parameter's name. */
export interface Moments {
  readonly first: Parameters;
  readonly second: Parameters;
}

/** Parameters, their moments and their gradients in one block of memory. */
export interface Adam {
  /** Overwritten by each update. */
  readonly parameters: Parameters;
  /** Overwritten by each update. */
  readonly moments: Moments;
  /** The parameters as a compiled step reads them, by "parameters/name". */
  readonly feeds: Feeds;
  /** Where a compiled step leaves the gradients, by "gradients/name". */
  readonly gradients: Outputs;
  /** @param rate from {@link adamRate} */
  readonly update: (rate: number) => void;
  /** A copy, which the next update leaves alone. */
  readonly capture: () => { readonly parameters: Parameters; readonly moments: Moments };
}

/** Node's types leave WebAssembly to those of the browser. */
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly adam: { readonly memory: object } },
  ) => {
    readonly exports: unknown;
  };
};

const kernel = new WebAssembly.Module(bytes);
const pageBytes = 65_536;
const mostPages = 65_536;

/** Numbers that a parameter's place is a multiple of: a line of the processor's cache, four vectors. */
const lane = 16;

/**
 * @param from parameters, and moments unless they begin at zero
 * @throws RunError when they do not fit: 268 million numbers do
 */
export function adam(
  shapes: ParameterShapes,
  from: { readonly parameters: Parameters; readonly moments?: Moments },
): Adam {
  const places = new Map<string, { readonly at: number; readonly size: number }>();
  let count = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const size = sizeOf(shape);
    places.set(name, { at: count, size });
    count += Math.ceil(size / lane) * lane;
  }
  const memory = allocate(count);
  const views = (block: number, values?: Parameters): Record<string, Float32Array> =>
    Object.fromEntries(
      [...places].map(([name, { at, size }]) => {
        const view = new Float32Array(memory.buffer, 4 * (block * count + at), size);
        const given = values?.[name];
        if (given !== undefined) view.set(given);
        return [name, view];
      }),
    );
  const parameters = views(0, from.parameters);
  const moments = { first: views(1, from.moments?.first), second: views(2, from.moments?.second) };
  const { update } = new WebAssembly.Instance(kernel, { adam: { memory } }).exports as {
    update: (bytes: number, rate: number) => void;
  };
  return {
    parameters,
    moments,
    feeds: prefixed('parameters', parameters),
    gradients: prefixed('gradients', views(3)),
    update: (rate) => update(4 * count, rate),
    capture: () => ({
      parameters: copied(parameters),
      moments: { first: copied(moments.first), second: copied(moments.second) },
    }),
  };
}

function allocate(count: number): { readonly buffer: ArrayBuffer } {
  const pages = Math.ceil((4 * 4 * count) / pageBytes);
  const millions = (numbers: number): string => (numbers / 1e6).toLocaleString('en', { maximumFractionDigits: 0 });
  if (pages > mostPages) {
    const most = (mostPages * pageBytes) / 16;
    throw new RunError(
      `A network of ${millions(count)} million parameters cannot be trained; ${millions(most)} million is the limit. Use narrower "hidden" layers.`,
    );
  }
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (cause) {
    throw new RunError(
      `There is no memory to train a network of ${millions(count)} million parameters. Use narrower "hidden" layers.`,
      { cause },
    );
  }
}

function prefixed(prefix: string, values: Readonly<Record<string, Float32Array>>): Record<string, Float32Array> {
  return Object.fromEntries(Object.entries(values).map(([name, data]) => [`${prefix}/${name}`, data]));
}

function copied(values: Parameters): Parameters {
  return Object.fromEntries(Object.entries(values).map(([name, data]) => [name, data.slice()]));
}

/**
 * The learning rate with the correction for moments that start at zero.
 * @param step how many updates there have been, this one included
 */
export function adamRate(learningRate: number, step: number): number {
  return (learningRate * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
}

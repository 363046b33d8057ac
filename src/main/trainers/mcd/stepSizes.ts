import { fillUniforms } from '../../tensor/random/streams';

// δ_1 … δ_K below a maximum, in three forms, each one vector of numbers to train: one for all, one a transition, or a network of k/K with
// 32 hidden units, which are [slopes, shifts, weights, offset].

export type StepSizeForm = 'network' | 'free' | 'constant';

const hidden = 32;
/** How far slopes and shifts of the network begin from zero: enough that some unit bends anywhere between 0 and 1. */
const spread = 6;
/**
 * What units count for. Were it 1, an update of Adam, which moves all weights alike, would move δ by some eighty times its rate: to the maximum
 * within a few updates, where gradients vanish and Hamiltonian paths stay for thousands.
 */
const share = 1 / hidden;

export interface StepSizes {
  readonly form: StepSizeForm;
  /** K */
  readonly steps: number;
  readonly maximum: number;
}

/** The vector that gives the same δ for all transitions. */
export function initialStepSizes({ form, steps, maximum }: StepSizes, stepSize: number, seed: number): Float64Array {
  const level = Math.log(stepSize / (maximum - stepSize));
  if (form === 'constant') return Float64Array.of(level);
  if (form === 'free') return new Float64Array(steps).fill(level);
  const values = new Float64Array(3 * hidden + 1);
  const drawn = values.subarray(0, 2 * hidden);
  const rows = { firstChain: 0, chains: 1, firstDatum: 0, data: 1, width: 2 * hidden };
  fillUniforms(drawn, { seed, stream: 'trainingWeights', step: 0xffff, ...rows });
  drawn.forEach((uniform, place) => (drawn[place] = spread * (2 * uniform - 1)));
  values[3 * hidden] = level;
  return values;
}

/** δ_1 … δ_K */
export function stepSizesOf({ form, steps, maximum }: StepSizes, values: Float64Array): Float64Array {
  return Float64Array.from({ length: steps }, (_, k) => maximum * sigmoid(level(form, values, k, steps)));
}

/** The gradient of the vector from that of δ. */
export function stepSizesGradient(
  { form, steps, maximum }: StepSizes,
  values: Float64Array,
  gradient: Float64Array,
): Float64Array {
  const out = new Float64Array(values.length);
  for (let k = 0; k < steps; k += 1) {
    const part = sigmoid(level(form, values, k, steps));
    const bar = (gradient[k] ?? Number.NaN) * maximum * part * (1 - part);
    if (form !== 'network') {
      const place = form === 'free' ? k : 0;
      out[place] = (out[place] ?? Number.NaN) + bar;
      continue;
    }
    const time = (k + 1) / steps;
    for (let unit = 0; unit < hidden; unit += 1) {
      const [slope, shift, weight] = [0, 1, 2].map((part) => values[part * hidden + unit] ?? Number.NaN) as Triple;
      const at = slope * time + shift;
      const gate = sigmoid(at);
      const back = share * bar * weight * gate * (1 + at * (1 - gate));
      const add = (place: number, value: number): number => (out[place] = (out[place] ?? Number.NaN) + value);
      add(unit, back * time);
      add(hidden + unit, back);
      add(2 * hidden + unit, share * bar * at * gate);
    }
    out[3 * hidden] = (out[3 * hidden] ?? Number.NaN) + bar;
  }
  return out;
}

/**
 * The vector of half the step sizes, or nearly so where they are close to the maximum.
 * @param led whether transition k = 1 … K is to be halved, where each has a number of its own
 */
export function halved({ form }: StepSizes, values: Float64Array, led: (k: number) => boolean): Float64Array {
  return values.map((value, place) => {
    const level = form === 'network' ? place === 3 * hidden : form === 'constant' || led(place + 1);
    if (!level) return value;
    // Below the middle of the sigmoid it is as good as an exponential.
    return Math.min(value, 0) - Math.LN2;
  });
}

type Triple = [number, number, number];

function level(form: StepSizeForm, values: Float64Array, k: number, steps: number): number {
  if (form === 'constant') return values[0] ?? Number.NaN;
  if (form === 'free') return values[k] ?? Number.NaN;
  const time = (k + 1) / steps;
  let sum = values[3 * hidden] ?? Number.NaN;
  for (let unit = 0; unit < hidden; unit += 1) {
    const at = (values[unit] ?? Number.NaN) * time + (values[hidden + unit] ?? Number.NaN);
    sum += share * (values[2 * hidden + unit] ?? Number.NaN) * at * sigmoid(at);
  }
  return sum;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

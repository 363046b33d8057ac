import type { CoverageMetric, CoverageMetricName } from '../../shared/coverage';

/** A metric as a part of the computation tells it; what is common is filled in. */
export interface Told {
  readonly value: number;
  readonly error?: number | null | undefined;
  readonly interval?: readonly [number, number] | undefined;
  readonly reweighted?: number | undefined;
  readonly reweightedError?: number | undefined;
  readonly expected?: number | undefined;
  readonly samples?: number;
  readonly reference?: number;
  readonly parameters?: Readonly<Record<string, number | string | boolean | undefined>>;
}

/** Metrics as they come. */
export class Draft {
  readonly metrics: Record<string, CoverageMetric> = {};
  private readonly seed: number;
  private readonly sizes: CoverageMetric['sizes'];
  private began = performance.now();

  constructor(seed: number, sizes: CoverageMetric['sizes']) {
    this.seed = seed;
    this.sizes = sizes;
  }

  /** Starts the clock of what is put next. */
  start(): void {
    this.began = performance.now();
  }

  /** What is not finite becomes null, with the reason. */
  put(name: CoverageMetricName, told: Told): void {
    const { value, error, interval, reweighted, reweightedError, expected, samples, reference, parameters } = told;
    const finite = (number: number | null | undefined): number | undefined =>
      typeof number === 'number' && Number.isFinite(number) ? number : undefined;
    const optional = {
      error: finite(error),
      reweighted: finite(reweighted),
      reweightedError: finite(reweightedError),
      expected: finite(expected),
    };
    this.metrics[name] = {
      value: Number.isFinite(value) ? value : null,
      ...(Number.isFinite(value) ? {} : { reason: whyNotFinite(value) }),
      ...defined(optional),
      ...(interval?.every(Number.isFinite) === true ? { interval: [interval[0], interval[1]] } : {}),
      sizes: {
        ...this.sizes,
        ...defined({ samples, reference }),
      },
      seed: this.seed,
      parameters: finiteOnly(defined(parameters ?? {})),
      seconds: (performance.now() - this.began) / 1000,
    };
  }

  /** Metrics whose inputs are missing. */
  lack(names: readonly CoverageMetricName[], reason: string): void {
    for (const name of names)
      this.metrics[name] = { value: null, reason, sizes: this.sizes, seed: this.seed, parameters: {}, seconds: 0 };
  }
}

function whyNotFinite(value: number): string {
  return Number.isNaN(value)
    ? 'It is undefined for these samples.'
    : `It is ${value > 0 ? '' : 'minus '}infinite for these samples.`;
}

/** Without numbers that are not finite, for which files of results have no way to be written. */
function finiteOnly<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => typeof value !== 'number' || Number.isFinite(value)),
  );
}

function defined<T>(record: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter((pair): pair is [string, T] => pair[1] !== undefined));
}

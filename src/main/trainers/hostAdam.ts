// Adam (Kingma and Ba 2015) in doubles, for methods whose few parameters live on the host.

const decay1 = 0.9;
const decay2 = 0.999;
const epsilon = 1e-8;

/** Parameters or gradients by their names. */
export type Vectors<Name extends string = string> = Readonly<Record<Name, Float64Array>>;

export interface HostAdamOptions<Name extends string> {
  /** What is trained; other parameters stay. */
  readonly trained: readonly Name[];
  readonly learningRate: number;
  /** The norm of the whole gradient that it is scaled down to where it is larger. */
  readonly clip?: number;
}

/** What an update hands to the next. */
export interface HostAdamState {
  readonly updates: number;
  /** Running means of the gradient and of its square, by the names of what is trained. */
  readonly first: Vectors;
  readonly second: Vectors;
}

export function startHostAdam<Name extends string>(parameters: Vectors<Name>, trained: readonly Name[]): HostAdamState {
  const zeros = (): Vectors =>
    Object.fromEntries(trained.map((name) => [name, new Float64Array(parameters[name].length)]));
  return { updates: 0, first: zeros(), second: zeros() };
}

/** One step down a gradient, which must be finite. Nothing given is written to. */
export function hostAdam<Name extends string, P extends Vectors<Name>>(
  parameters: P,
  gradient: Vectors<Name>,
  state: HostAdamState,
  { trained, learningRate, clip = Infinity }: HostAdamOptions<Name>,
): { readonly parameters: P; readonly state: HostAdamState } {
  const norm = Math.sqrt(
    trained.reduce((sum, name) => sum + gradient[name].reduce((total, value) => total + value * value, 0), 0),
  );
  const scale = norm > clip ? clip / norm : 1;
  const updates = state.updates + 1;
  const rate = (learningRate * Math.sqrt(1 - decay2 ** updates)) / (1 - decay1 ** updates);
  // In this order, epsilon is added to the square root of the corrected second moment, as in the paper's algorithm 1.
  const small = epsilon * Math.sqrt(1 - decay2 ** updates);
  const moved: Record<string, Float64Array> = {};
  const first: Record<string, Float64Array> = {};
  const second: Record<string, Float64Array> = {};
  for (const name of trained) {
    const [m, v, w] = [state.first[name]?.slice(), state.second[name]?.slice(), parameters[name].slice()];
    if (m === undefined || v === undefined) throw new Error(`The optimiser has no moments of ${name}.`);
    gradient[name].forEach((value, i) => {
      const g = scale * value;
      const mean = decay1 * (m[i] ?? NaN) + (1 - decay1) * g;
      const square = decay2 * (v[i] ?? NaN) + (1 - decay2) * g * g;
      m[i] = mean;
      v[i] = square;
      w[i] = (w[i] ?? NaN) - (rate * mean) / (Math.sqrt(square) + small);
    });
    moved[name] = w;
    first[name] = m;
    second[name] = v;
  }
  return { parameters: { ...parameters, ...moved }, state: { updates, first, second } };
}

export function isFinite<Name extends string>(vectors: Vectors<Name>, names: readonly Name[]): boolean {
  return names.every((name) => vectors[name].every(Number.isFinite));
}

import type { NamedMethod } from '../../../shared/runFile';

/** Standard errors between estimates of log Z that are not chance. */
const apart = 5;

interface Estimated {
  readonly name: string;
  readonly scale: number;
  readonly logZ: number;
  readonly error: number;
}

/**
 * Where modes are not known, flows from bases of different scales tell what one of them has lost: their estimates of log Z disagree.
 * @param metrics of each method by its name, with `logZEstimate` in nats and `ess` in draws
 * @param draws of each
 */
export function scaleWarnings(
  methods: readonly NamedMethod[],
  metrics: Readonly<Record<string, unknown>>,
  draws: number,
): string[] {
  const flows = methods.flatMap((method): Estimated[] => {
    const { logZEstimate: logZ, ess } = (metrics[method.name] ?? {}) as Record<string, unknown>;
    if (method.type !== 'annealing-flow' || method.flow !== undefined) return [];
    if (typeof logZ !== 'number' || typeof ess !== 'number') return [];
    return [{ name: method.name, scale: method.baseScale, logZ, error: Math.sqrt(Math.max(0, 1 / ess - 1 / draws)) }];
  });
  const [highest, ...lower] = flows.sort((a, b) => b.logZ - a.logZ);
  if (highest === undefined) return [];
  return lower
    .filter(({ scale, logZ, error }) => {
      return scale !== highest.scale && highest.logZ - logZ > apart * Math.hypot(error, highest.error);
    })
    .map(
      ({ name, scale, logZ }) =>
        `${name}: from a base of scale ${scale} it puts log Z at ${logZ.toFixed(2)} nats, another flow from one of scale ${highest.scale} at ${highest.logZ.toFixed(2)}: this one has lost a part of the target.`,
    );
}

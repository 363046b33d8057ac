import type { Series } from '../../../shared/result';

/** What a result shows a vector of. */
const most = 1000;

/** One number a transition: step sizes, inverse temperatures. `[K]` */
export function transitionSeries(name: string, label: string, values: Float64Array): Series {
  return {
    name: `${name}, ${label} by transition`,
    x: { label: 'transition', values: Array.from(values, (_, k) => k + 1) },
    y: { label, values: [...values] },
  };
}

/** The mass matrix's diagonal, where it is not too long. `[d]` */
export function massSeries(name: string, mass: Float64Array): Series[] {
  if (mass.length > most) return [];
  return [
    {
      name: `${name}, mass by coordinate`,
      x: { label: 'coordinate', values: Array.from(mass, (_, i) => i + 1) },
      y: { label: 'mass', values: [...mass] },
    },
  ];
}

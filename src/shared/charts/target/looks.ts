import { typeOf } from '../../targetRun/names';
import type { Mark } from '../encoding';
import type { ChartTheme } from '../theme';

/** How a method is drawn in every figure of a target: hue, dash and marker. Two answers of one method share their hue. */
export interface MethodLook {
  readonly colour: (theme: ChartTheme) => string;
  readonly mark: Mark;
}

/** Index into the hues of a theme; 0 is its ink, for the truth and for what stands for it. */
const hues: Readonly<Record<string, number>> = { hmc: 0, dais: 1, msc: 2, vi: 3, iwvi: 4, 'importance-flow': 2 };
const hueCount = 6;

const marks: Readonly<Record<string, Mark>> = {
  vi: { symbol: 'rect', dash: [5, 3], hollow: false },
  iwvi: { symbol: 'diamond', dash: [1.5, 2.5], hollow: false },
  dais: { symbol: 'circle', dash: [], hollow: false },
  dais0: { symbol: 'circle', dash: [9, 4], hollow: true },
  msc: { symbol: 'triangle', dash: [6, 2.5, 1.5, 2.5], hollow: false },
  hmc: { symbol: 'circle', dash: [], hollow: true },
  ula: { symbol: 'rect', dash: [3, 2], hollow: true },
  uha: { symbol: 'diamond', dash: [3, 2], hollow: true },
  'ula-mcd': { symbol: 'rect', dash: [], hollow: false },
  'uha-mcd': { symbol: 'diamond', dash: [], hollow: false },
  'annealing-flow': { symbol: 'triangle', dash: [], hollow: false },
  'annealing-flow-smc': { symbol: 'triangle', dash: [3, 2], hollow: true },
  ais: { symbol: 'circle', dash: [1.5, 2.5], hollow: true },
  smc: { symbol: 'circle', dash: [5, 3], hollow: false },
};
const plain: Mark = { symbol: 'rect', dash: [3, 3], hollow: true };

/** "dais0-2" → "dais-2", "annealing-flow-smc" → "annealing-flow": of two answers of one method the name whose hue both have. */
export function chainOf(name: string): string {
  return name.replace(/^dais0/, 'dais').replace(/^annealing-flow-smc/, 'annealing-flow');
}

/**
 * Looks of the methods of one run. The first of a type always looks the same; others take hues that no first one of the run has. Where
 * methods are more than hues, those of one type share theirs.
 * @param names as results call them
 */
export function methodLooks(names: readonly string[]): (name: string) => MethodLook {
  const all = [...new Set(names.map(chainOf))];
  const byType = all.length > hueCount;
  const groupOf = (name: string): string => (byType ? typeOf(chainOf(name)) : chainOf(name));
  const groups = [...new Set(all.map(groupOf))];
  const own = new Map<string, number>();
  for (const name of groups) if (hues[name] !== undefined) own.set(name, hues[name]);
  const free = Array.from({ length: hueCount - 1 }, (_, index) => hueCount - 1 - index).filter(
    (hue) => ![...own.values()].includes(hue),
  );
  groups
    .filter((name) => !own.has(name))
    .forEach((name, index) => own.set(name, free[index % Math.max(1, free.length)] ?? hues[typeOf(name)] ?? 0));
  return (name) => {
    const hue = own.get(groupOf(name)) ?? 0;
    return { colour: (theme) => theme.runs[hue] ?? theme.ink, mark: marks[typeOf(name)] ?? plain };
  };
}

import type { Steps } from './path';
import { isRecord } from './values';

/** Fields of a target that say the same in different ways, by its type: where one is filled in, those of the other ways go. */
const ways: Readonly<Record<string, readonly (readonly string[])[]>> = {
  nice: [['file'], ['train'], ['dim']],
  'gaussian-mixture': [['means'], ['dim', 'components', 'reading', 'seed']],
};

/**
 * A draft without what a field that was just filled in cannot stand beside.
 * @param steps to that field
 */
export function withoutRivals(draft: unknown, steps: Steps): unknown {
  const [root, field] = steps;
  if (root !== 'target' || typeof field !== 'string' || !isRecord(draft) || !isRecord(draft['target'])) return draft;
  const { target } = draft;
  const own = ways[String(target['type'])]?.find((way) => way.includes(field));
  if (own === undefined) return draft;
  const others = new Set(ways[String(target['type'])]?.flatMap((way) => (way === own ? [] : way)));
  const kept = Object.entries(target).filter(([key]) => !others.has(key));
  return { ...draft, target: Object.fromEntries(kept) };
}

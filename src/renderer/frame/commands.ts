import type { IconName } from '../components';

/** One entry of the palette. */
export interface Command {
  readonly id: string;
  readonly group: 'Actions' | 'Pages' | 'Runs' | 'Models' | 'Data' | 'Recipes';
  readonly label: string;
  /** Quieter, after the label. */
  readonly note?: string;
  readonly icon: IconName;
  readonly shortcut?: string;
  /** Looked through as well, but not shown. */
  readonly words?: string;
  readonly run: () => void;
}

/** So many of one group are listed. */
const mostOfGroup = 8;

/**
 * Commands that have all words of a query, best first: those whose label begins with it, then those with words that do.
 * @returns at most a few of each group, so that 2,000 runs do not push the rest away
 */
export function findCommands(commands: readonly Command[], query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const scored = commands.flatMap((command) => {
    const score = scoreOf(command, words);
    return score === null ? [] : [{ command, score }];
  });
  const counts = new Map<string, number>();
  return scored
    .sort((a, b) => b.score - a.score)
    .flatMap(({ command }) => {
      const count = (counts.get(command.group) ?? 0) + 1;
      counts.set(command.group, count);
      return count > mostOfGroup ? [] : [command];
    });
}

function scoreOf({ label, note = '', words: more = '' }: Command, words: readonly string[]): number | null {
  const [name, all] = [label.toLowerCase(), `${label} ${note} ${more}`.toLowerCase()];
  let score = 0;
  for (const word of words) {
    if (name.startsWith(word)) score += 4;
    else if (name.includes(` ${word}`)) score += 3;
    else if (name.includes(word)) score += 2;
    else if (all.includes(word)) score += 1;
    else return null;
  }
  return score;
}

/** Commands in groups, in the order in which the groups first come. */
export function grouped(commands: readonly Command[]): { group: Command['group']; commands: Command[] }[] {
  const groups = new Map<Command['group'], Command[]>();
  for (const command of commands) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return [...groups].map(([group, list]) => ({ group, commands: list }));
}

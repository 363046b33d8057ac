import { estimatorLabel, kindLabel, quantityLabel } from './labels';
import type { RunRow } from './runRecord';

/** One condition of a filter as it was typed: a word, or a field and a word. */
interface Term {
  readonly field: string | null;
  readonly word: string;
  readonly negated: boolean;
}

/** Fields that a filter may name: "tag:paper", "is:running", "device:cuda", "-tag:old". */
const fields: Readonly<Record<string, (row: RunRow, word: string) => boolean>> = {
  tag: (row, word) => row.tags.some((tag) => tag.toLowerCase() === word),
  is: (row, word) =>
    row.status === word || (word === 'active' && (row.status === 'running' || row.status === 'queued')),
  device: (row, word) => row.device === word,
  model: (row, word) => row.model.toLowerCase().includes(word),
  kind: (row, word) => row.kind.includes(word) || row.quantity === word,
  seed: (row, word) => String(row.seed) === word,
};

/** Terms of a filter; quotes keep spaces: `tag:"table 2" glyphs`. */
function parseFilter(query: string): Term[] {
  return [...query.matchAll(/(-)?(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))/gi)].flatMap(
    ([whole, minus, name, quoted, plain]) => {
      const field = name?.toLowerCase() ?? null;
      const word = (quoted ?? plain ?? '').toLowerCase();
      if (field !== null && fields[field] === undefined)
        return [{ field: null, word: whole.toLowerCase(), negated: false }];
      // A field that still waits for its word hides nothing.
      const unfinished = field === null && word.endsWith(':') && fields[word.slice(0, -1)] !== undefined;
      return word === '' || unfinished ? [] : [{ field, word, negated: minus !== undefined }];
    },
  );
}

/** Rows that meet every term. Words are looked for in everything that a row says. */
export function filterRuns(rows: readonly RunRow[], query: string): readonly RunRow[] {
  const terms = parseFilter(query);
  if (terms.length === 0) return rows;
  return rows.filter((row) => {
    let haystack: string | undefined;
    return terms.every(({ field, word, negated }) => {
      const met =
        field === null ? (haystack ??= haystackOf(row)).includes(word) : (fields[field]?.(row, word) ?? false);
      return met !== negated;
    });
  });
}

function haystackOf(row: RunRow): string {
  const estimators = [row.lower, row.upper].map((side) => (side === null ? '' : estimatorLabel(side.estimator)));
  return [
    ...[row.name, row.model, row.data, row.device, row.status, row.notes, row.id],
    ...[kindLabel(row.kind), quantityLabel(row.quantity), ...row.tags, ...estimators],
  ]
    .join('\n')
    .toLowerCase();
}

/** A filter with a term put in, or taken out if it is there. */
export function toggleTerm(query: string, term: string): string {
  const parts: readonly string[] = query.match(/(?:[^\s"]+|"[^"]*")+/g) ?? [];
  return (parts.includes(term) ? parts.filter((part) => part !== term) : [...parts, term]).join(' ');
}

/** "tag:paper", or with quotes where the word has spaces. */
export function filterTerm(field: string, word: string): string {
  return `${field}:${/\s/.test(word) ? `"${word}"` : word}`;
}

export function hasTerm(query: string, term: string): boolean {
  const parts: readonly string[] = query.match(/(?:[^\s"]+|"[^"]*")+/g) ?? [];
  return parts.includes(term);
}

import { editDistance } from '../nearest';
import { kindText, type Issue } from './explain';

type Issues = readonly Issue[];

/**
 * Which member of a union a value was meant to be, judged by the fields it has; undefined when it looks like none of them.
 * @param alternatives the issues that each member had
 */
export function alternativeMeant(alternatives: readonly Issues[], value: unknown): Issues | undefined {
  const fitting = alternatives.filter((issues) => issues.length > 0 && !issues.some(isOfAnotherKind));
  if (!isObject(value)) return fitting.length === 1 ? fitting[0] : undefined;
  const scored = fitting
    .map((issues) => ({ issues, score: likeness(issues, Object.keys(value)) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  return scored[0]?.issues;
}

/** The value is a text where the member is an object, and the like. */
function isOfAnotherKind(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

/** How many of an object's fields a member knows, a misspelt one counted half, less what it misses. */
function likeness(issues: Issues, keys: readonly string[]): number {
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
  );
  const missing = missingIn(issues).filter((name) => !keys.includes(name));
  const misspelt = unknown.filter((key) =>
    missing.some((name) => editDistance(key, name) <= Math.max(1, name.length / 4)),
  );
  const known = keys.length - unknown.length + misspelt.length / 2;
  return known === 0 ? 0 : known - Math.max(0, missing.length - misspelt.length) / 4;
}

/** Fields of its own that a member finds wrong or missing. */
function missingIn(issues: Issues): string[] {
  return issues
    .filter((issue) => issue.path.length === 1 && (issue.code === 'invalid_type' || issue.code === 'invalid_value'))
    .map((issue) => String(issue.path[0]));
}

/** What the members of a union look like, as text: `"relu"`, `{"linear": …}`, `a number`. */
export function formsOf(alternatives: readonly Issues[]): string[] {
  const forms = alternatives.flatMap((issues) =>
    issues
      .filter((issue) => issue.path.length === 0)
      .flatMap((issue): string[] => {
        if (issue.code === 'invalid_value') return issue.values.map((value) => JSON.stringify(value));
        if (issue.code === 'invalid_type' && issue.expected !== 'object') return [kindText(issue.expected)];
        if (issue.code === 'invalid_type') return ['an object'];
        return [];
      })
      .concat(
        missingIn(issues)
          .slice(0, 1)
          .map((name) => `{"${name}": …}`),
      ),
  );
  return [...new Set(forms)];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

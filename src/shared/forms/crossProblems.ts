import { formatList } from '../format';
import { isModelRun, listed, type RunFile } from '../runFile';
import { criticNeeds, nameOf } from './components';
import type { Problem } from './problems';

/** What fits the schema field by field and still cannot be: names that are taken or that nothing has, estimators without a critic. */
export function crossProblems(spec: RunFile): Problem[] {
  if (!isModelRun(spec)) return [];
  const { proposals, critics, ais, iwae, estimators } = spec;
  const known = proposals.map(({ name }) => name);
  const there = known.length === 0 ? 'Add it to "proposals".' : `There is ${formatList(known.map(quoted))}.`;
  const seen = new Set<string>();
  const problems: Problem[] = [];
  const say = (path: string, message: string) => void problems.push({ path, message: `${path} ${message}` });
  for (const [list, components] of [
    ['proposals', proposals],
    ['critics', critics],
  ] as const) {
    components.forEach(({ name }, index) => {
      if (seen.has(name))
        say(`${list}[${index}].name`, `is ${quoted(name)}, which another has. Give it a name of its own.`);
      seen.add(name);
    });
  }
  for (const [path, value] of [
    ['ais.initial', ais.initial],
    ['iwae.proposal', iwae.proposal],
  ] as const) {
    const unknown = listed(value)
      .map(nameOf)
      .find((name) => name !== undefined && !known.includes(name));
    if (unknown !== undefined) say(path, `names ${quoted(unknown)}, which is no proposal of this run. ${there}`);
  }
  critics.forEach(({ base }, index) => {
    if (base !== 'prior' && !known.includes(base))
      say(`critics[${index}].base`, `is ${quoted(base)}, which is no proposal of this run. ${there}`);
  });
  const lacking = estimators.filter((name) => {
    const need = criticNeeds[name];
    if (need === undefined) return false;
    // What is saved may bring a base of its own.
    return !critics.some(
      ({ base, type }) => type === 'saved' || need === 'any' || (base === 'prior') === (need === 'prior'),
    );
  });
  if (spec.kind === 'mutual-information' && lacking.length > 0)
    say(
      'estimators',
      `names ${formatList(lacking.map(quoted))}, which no critic here serves. Add one, or leave it out.`,
    );
  return problems;
}

function quoted(name: string): string {
  return `"${name}"`;
}

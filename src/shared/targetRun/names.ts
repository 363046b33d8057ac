import { formatCount } from '../format';
import { blocksText, methodLabel, scoreText } from '../labels';
import { namedMethods, targetRunSchema, type NamedMethod } from '../runFile';

/** The methods of a run file of a target; none of any other. */
export function methodsIn(spec: unknown): readonly NamedMethod[] {
  const parsed = targetRunSchema.safeParse(spec);
  return parsed.success ? namedMethods(parsed.data.methods) : [];
}

/** What a method answers to in results: a chain by its own name and by that of its initial distribution. */
export function answersOf({ type, name }: Pick<NamedMethod, 'type' | 'name'>): readonly string[] {
  if (type === 'annealing-flow') return [name, name.replace(type, `${type}-smc`)];
  return type === 'dais' ? [name, name.replace('dais', 'dais0')] : [name];
}

/** "K = 16, N = 16": what a person tells one method of a type from another by. */
export function settingsText(method: NamedMethod): string {
  return settingsOf(method).join(', ');
}

function settingsOf(method: NamedMethod): string[] {
  return [
    ...(method.type === 'annealing-flow' ? [blocksText(method)] : []),
    ...('steps' in method ? [`K = ${formatCount(method.steps)}`] : []),
    ...('particles' in method ? [`N = ${formatCount(method.particles)}`] : []),
    ...('samples' in method ? [`S = ${formatCount(method.samples)}`] : []),
    ...('temperatures' in method ? [`M = ${formatCount(method.temperatures)}`] : []),
  ];
}

/**
 * How results' names are written for people where the methods of a run stand together: "DAIS0", or "DAIS0, K = 16" where another DAIS
 * has another K, or "DAIS0 2" where they differ in something else; of score networks, depth and kind count as well.
 */
export function methodNames(methods: readonly NamedMethod[]): (name: string) => string {
  const labels = new Map<string, string>();
  for (const siblings of Map.groupBy(methods, ({ type }) => type).values()) {
    const settings = siblings.map((one) => [...settingsOf(one), ...('score' in one ? [scoreText(one.score)] : [])]);
    const telling = settings.map((own) => own.filter((text, index) => settings.some((other) => other[index] !== text)));
    const unique = new Set(telling.map(String)).size === siblings.length;
    siblings.forEach((method, index) => {
      const told = unique ? (telling[index] ?? []) : [];
      for (const answer of answersOf(method)) {
        const plain = siblings.length > 1 && unique ? methodLabel(typeOf(answer)) : methodLabel(answer);
        labels.set(answer, [plain, ...told].join(', '));
      }
    });
  }
  return (name) => labels.get(name) ?? methodLabel(name);
}

/**
 * A warning as people read it: the method that it begins with is called what tables call it.
 * @param spec of the run; runs of other kinds have no methods, and their warnings stay as they are
 */
export function warningText(warning: string, spec: unknown): string {
  const methods = methodsIn(spec);
  const name = methods
    .flatMap(answersOf)
    .find((one) => warning.startsWith(`${one}: `) || warning.startsWith(`${one} has `));
  return name === undefined ? warning : `${methodNames(methods)(name)}${warning.slice(name.length)}`;
}

/** Whether methods of a type draw from the target itself once they have mixed, and may stand for the truth. */
export function isSampler(type: string): boolean {
  return type === 'hmc' || type === 'parallel-tempering';
}

/** "dais0-2" → "dais0". */
export function typeOf(name: string): string {
  return name.replace(/-\d+$/, '');
}

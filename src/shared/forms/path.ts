/** Steps into a run file: names of fields, places in lists. */
export type Steps = readonly (string | number)[];

/** The reverse of `pathText`: "model.decoder[1].linear" → ["model", "decoder", 1, "linear"]. As far as it can be read. */
export function stepsOf(path: string): Steps {
  const steps: (string | number)[] = [];
  const part = /\.?(?:([\w$-]+)|\[(\d+)\]|\[?("(?:[^"\\]|\\.)*")\]?)/y;
  while (part.lastIndex < path.length) {
    const match = part.exec(path);
    if (match === null) break;
    if (match[2] !== undefined) steps.push(Number(match[2]));
    else steps.push(match[3] === undefined ? (match[1] as string) : unquoted(match[3]));
  }
  return steps;
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}

/** A copy with a value put in; what lies on the way is made where it is missing or is something else. */
export function withValue(root: unknown, steps: Steps, value: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  const child = (inside: unknown): unknown => withValue(inside, rest, value);
  if (typeof step === 'number') {
    const list: unknown[] = Array.isArray(root) ? [...(root as unknown[])] : [];
    list[step] = child(list[step]);
    return list;
  }
  const object =
    typeof root === 'object' && root !== null && !Array.isArray(root) ? (root as Record<string, unknown>) : {};
  const inside = Object.hasOwn(object, step) ? object[step] : undefined;
  return { ...object, [step]: child(inside) };
}

/** A copy with a field left out, or an entry of a list taken away. The same value where there is no such thing. */
export function withoutValue(root: unknown, steps: Steps): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || typeof root !== 'object' || root === null || !Object.hasOwn(root, step)) return root;
  const inner = withoutValue((root as Record<string | number, unknown>)[step], rest);
  if (rest.length > 0) return withValue(root, [step], inner);
  if (Array.isArray(root)) return (root as unknown[]).filter((_, index) => index !== step);
  return Object.fromEntries(Object.entries(root).filter(([key]) => key !== step));
}

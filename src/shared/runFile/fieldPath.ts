/** Steps into a value as text: "model.decoder[1].linear". Odd names are quoted: `model["a b"]`. */
export function pathText(steps: readonly PropertyKey[]): string {
  return steps
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      const name = String(step);
      if (!/^[\w$-]{1,60}$/.test(name))
        return index === 0 ? clip(JSON.stringify(name)) : `[${clip(JSON.stringify(name))}]`;
      return index === 0 ? name : `.${name}`;
    })
    .join('');
}

export function childPath(steps: readonly PropertyKey[], child: PropertyKey): PropertyKey[] {
  return [...steps, child];
}

/** The value that steps lead to; undefined when there is none. */
export function valueAt(root: unknown, steps: readonly PropertyKey[]): unknown {
  let value = root;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}

/** A value in a message: short, on one line, whatever it is. */
export function show(value: unknown): string {
  return clip(brief(value, 3));
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** Like JSON, but only as deep and as far as a message shows, because the value may be hostile. */
function brief(value: unknown, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 50 ? `${value.slice(0, 49)}…` : value);
  if (typeof value !== 'object' || value === null) return String(value);
  const list = Array.isArray(value);
  const [open, close] = list ? ['[', ']'] : ['{', '}'];
  if (depth === 0) return `${open}…${close}`;
  const entries: string[] = [];
  for (const key in value) {
    if (entries.length === 8) {
      entries.push('…');
      break;
    }
    const inner = brief((value as Record<string, unknown>)[key], depth - 1);
    entries.push(list ? inner : `${JSON.stringify(key.slice(0, 40))}: ${inner}`);
  }
  return `${open}${entries.join(', ')}${close}`;
}

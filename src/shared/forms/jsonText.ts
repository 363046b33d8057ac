/** JSON as a person would write it: what fits on a line stays on one, the rest is broken and indented by two. */
export function writeJson(value: unknown, width = 72): string {
  return write(value, '', width, true);
}

function write(value: unknown, indent: string, width: number, open: boolean): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const flat = flatText(value);
  if (!open && indent.length + flat.length <= width) return flat;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((entry) => inner + write(entry, inner, width, false)).join(',\n')}\n${indent}]`;
  }
  const entries = known(value);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, entry]) => {
    const name = `${inner}${JSON.stringify(key)}: `;
    // The name before it counts toward the width.
    const fits = name.length + flatText(entry).length <= width;
    return name + write(entry, inner, width, !fits);
  });
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

function flatText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(flatText).join(', ')}]`;
  const entries = known(value).map(([key, entry]) => `${JSON.stringify(key)}: ${flatText(entry)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function known(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, entry]) => entry !== undefined);
}

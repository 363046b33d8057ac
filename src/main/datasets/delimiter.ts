/** In the order of trust: where ';' divides, ',' is a decimal comma. */
const candidates = [';', '\t', ','];

/**
 * What stands between the cells of a table in text, judged by its first 20 lines.
 * @returns ';', tab, ',' or ' ' for any run of white space
 */
export function sniffDelimiter(text: Buffer): string {
  const head = text.toString('utf8', 0, 2 ** 20);
  const lines: string[] = [];
  for (const line of head.split(/\r\n|\n|\r/, 200)) {
    if (line.trim() !== '' && !line.startsWith('#') && lines.length < 20) lines.push(line.replace(/"[^"]*"/g, '""'));
  }
  // The last may have been cut by the limit above.
  if (lines.length > 1 && text.length > 2 ** 20) lines.pop();

  const regular = candidates.find((mark) => {
    const [first = 0, ...others] = lines.map((line) => line.split(mark).length - 1);
    return first > 0 && others.every((count) => count === first);
  });
  // Tabs are also used to pad, so a cell between them that has spaces in it says that any white space divides.
  const last = lines.at(-1) ?? '';
  if (regular === '\t' && last.split('\t').some((cell) => /\S\s+\S/.test(cell))) return ' ';
  if (regular !== undefined) return regular;
  // Uneven rows; the reader will name the first.
  const irregular = [';', ','].find((mark) => lines.filter((line) => line.includes(mark)).length * 2 > lines.length);
  if (irregular !== undefined) return irregular;
  return /\S\s+\S/.test(last) ? ' ' : ',';
}

/** Breaks a paragraph into lines of at most `columns` characters, at spaces; a longer word has a line of its own. */
export function wrap(text: string, columns: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((part) => part !== '')) {
    if (line === '') line = word;
    else if (indent.length + line.length + 1 + word.length <= columns) line += ` ${word}`;
    else {
      lines.push(indent + line);
      line = word;
    }
  }
  if (line !== '') lines.push(indent + line);
  return lines;
}

/** Cuts a text in its middle, where file names differ least. */
export function clipMiddle(text: string, columns: number): string {
  if (text.length <= columns) return text;
  const kept = Math.max(2, columns - 1);
  const head = Math.floor(kept / 3);
  return `${text.slice(0, head)}…${text.slice(text.length - (kept - head))}`;
}

/**
 * How wide text is, in ems of a Helvetica-like face. Layout is decided before anything is drawn, and in Node, so nothing can be
 * measured; a little too wide is better than cut off.
 */
export function textWidth(text: string, fontSize: number): number {
  let ems = 0;
  for (const character of text) ems += widthOf(character);
  return ems * fontSize * 1.04;
}

function widthOf(character: string): number {
  if (/[0-9]/.test(character)) return 0.556;
  if (/[ ,.:;iljtfI|!'’/()[\]-]/.test(character)) return 0.29;
  if (/[mwMW—%@…]/.test(character)) return 0.86;
  if (/[A-Z]/.test(character)) return 0.69;
  if (/[−≤≥≈±=+<>↑↓]/.test(character)) return 0.6;
  return 0.54;
}

export function widest(texts: readonly string[], fontSize: number): number {
  return Math.max(0, ...texts.map((text) => textWidth(text, fontSize)));
}

/** What is too long without its middle: names of runs that belong together mostly differ at their ends. */
export function shortened(text: string, most: number): string {
  const letters = [...text];
  if (letters.length <= most) return text;
  const tail = Math.floor((most - 1) * 0.4);
  return `${letters
    .slice(0, most - 1 - tail)
    .join('')
    .trimEnd()}…${letters
    .slice(letters.length - tail)
    .join('')
    .trimStart()}`;
}

/** For text that is put into HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

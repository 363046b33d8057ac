/** What a file is called after a run: "Glyphs VAE, T = 50" → "Glyphs-VAE-T-50". */
export function fileStem(name: string): string {
  const stem = name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80);
  return stem.replace(/^-|-$/g, '') || 'run';
}

/** Hands a text to the person as a file, the way that browsers and the desktop shell both save downloads. */
export function saveText(name: string, text: string, mime: string): void {
  saveBlob(name, new Blob([text], { type: `${mime};charset=utf-8` }));
}

export function saveBlob(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has taken its own hold of the content by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

import { expect, it } from 'vitest';
import { fileStem } from '../../src/renderer/save';

it.each([
  ['Glyphs VAE, T = 50', 'Glyphs-VAE-T-50'],
  ['  ../../etc/passwd ', 'etc-passwd'],
  ['Größe β', 'Größe-β'],
  ['…', 'run'],
  ['', 'run'],
  [`${'a'.repeat(79)} b`, 'a'.repeat(79)],
])('a file is called after its run: %j', (name, stem) => {
  expect(fileStem(name)).toBe(stem);
});

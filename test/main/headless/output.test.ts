import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resultJson } from '../../../src/main/headless/resultJson';
import { planFile } from '../../../src/main/headless/writeAtomic';
import { resultSchema } from '../../../src/shared/result';
import { sampleResult } from '../../support/sampleResult';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bracket-output-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a planned file', () => {
  it('appears only when it is written, and whole', () => {
    const file = join(folder, 'out.json');
    const planned = planFile(file);
    expect(readdirSync(folder)).toEqual([]);
    planned.write('one');
    planned.write('two');
    expect(readFileSync(file, 'utf8')).toBe('two');
    expect(readdirSync(folder)).toEqual(['out.json']);
  });

  it('replaces what a link points to, not the link', () => {
    writeFileSync(join(folder, 'real.json'), 'old');
    symlinkSync('real.json', join(folder, 'link.json'));
    planFile(join(folder, 'link.json')).write('new');
    expect(lstatSync(join(folder, 'link.json')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'real.json'), 'utf8')).toBe('new');
  });

  it.skipIf(!existsSync('/dev/null'))('writes to a device without replacing it', () => {
    planFile('/dev/null').write('gone');
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('may have a name as long as the system allows', () => {
    const file = join(folder, 'n'.repeat(250));
    planFile(file).write('x');
    expect(readFileSync(file, 'utf8')).toBe('x');
  });

  it('with a null character or a long name is refused in one line', () => {
    expect(() => planFile(join(folder, 'a\0b'))).toThrow(/cannot be written/);
    expect(() => planFile(join(folder, 'n'.repeat(300)))).toThrow(/cannot be written \(ENAMETOOLONG\)/);
  });
});

describe('a result as JSON', () => {
  it('is what it was', () => {
    expect(resultSchema.parse(JSON.parse(resultJson(sampleResult())))).toEqual(sampleResult());
  });

  it('has no NaN and marks a bound that was one', () => {
    const [first, ...rest] = sampleResult().bounds;
    const result = sampleResult({
      bounds: [{ ...first, value: Number.NaN, ci95: Infinity } as (typeof rest)[0], ...rest],
      diagnostics: { acceptance: Float32Array.of(0.5, Number.NaN), nodes: 12n, worst: -Infinity },
    });
    const text = resultJson(result);
    expect(text).not.toMatch(/NaN|Infinity/);
    const read = resultSchema.parse(JSON.parse(text));
    expect(read.bounds[0]).toMatchObject({ value: null, ci95: null });
    expect(read.warnings).toEqual(['cr-ais (lower) is not a finite number and is written as null.']);
    expect(read.diagnostics).toEqual({ acceptance: [0.5, null], nodes: 12, worst: null });
  });
});

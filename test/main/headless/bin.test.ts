import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, copyFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../src/main/resources/packageRoot';

const { directory, version } = packageRoot();
const launcher = join(directory, 'bin', 'bracket.js');
const built = existsSync(join(directory, 'out', 'main', 'cli.js'));

function bracket(script: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

it.skipIf(!built)('starts the built program', () => {
  expect(bracket(launcher, '--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
});

it.skipIf(!built)('finds the recipes from the built program', () => {
  expect(bracket(launcher, 'recipes').stdout).toContain('demo');
});

it.skipIf(!built)('hands on exit codes and complaints', () => {
  const { status, stdout, stderr } = bracket(launcher, 'run', 'no-such-file.json');
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: 'bracket: no-such-file.json: no such file. Check the path.\n',
  });
});

it('says in one line that the program is not built', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bracket-bin-'));
  try {
    mkdirSync(join(folder, 'bin'));
    copyFileSync(launcher, join(folder, 'bin', 'bracket.mjs'));
    const { status, stderr } = bracket(join(folder, 'bin', 'bracket.mjs'), 'devices');
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'bracket: out/main/cli.js: the program is not built. Run "npm ci" in its folder.\n',
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

/** Where builds of one test run are, for all of its processes. */
const variable = 'BRACKET_TEST_BUILDS';

/**
 * Builds something once for all test files: the first that asks builds, others wait.
 * @param name of what is built
 * @returns the folder, which is there until the test run ends
 * @throws Error in all of them where the build failed
 */
export async function builtOnce(name: string, build: (folder: string) => Promise<void>): Promise<string> {
  const place = process.env[variable];
  if (place === undefined) throw new Error('There is a place for builds only while tests run.');
  const folder = join(place, name);
  const ended = `${folder}.ended`;
  if (isFirst(folder)) {
    const failure = await build(folder).then(
      () => '',
      (error: unknown) => String(error),
    );
    // Whole at once: others may look at any moment.
    writeFileSync(`${ended}.part`, failure);
    renameSync(`${ended}.part`, ended);
  }
  while (!existsSync(ended)) await sleep(50);
  const failure = readFileSync(ended, 'utf8');
  if (failure !== '') throw new Error(`${name}: ${failure}`);
  return folder;
}

/** Whether this call has made the folder: only one of several at the same time does. */
function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Makes the place for builds before the test processes start. @returns what removes it after them */
export default function setup(project: TestProject): (() => void) | undefined {
  // Once for all projects.
  if (process.env[variable] !== undefined) return undefined;
  // Inside the repository, so that packages are found from there.
  const folder = mkdtempSync(join(fileURLToPath(new URL('../../node_modules/', import.meta.url)), '.bracket-test-'));
  process.env[variable] = folder;
  const clear = (): void => rmSync(folder, { recursive: true, force: true });
  // Sources may have changed.
  project.onTestsRerun(() => {
    clear();
    mkdirSync(folder);
  });
  return () => {
    clear();
    delete process.env[variable];
  };
}

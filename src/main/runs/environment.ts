import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { arch, cpus, platform, release } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { formatPlural } from '../../shared/format';
import { inputFiles, type RunFile } from '../../shared/runFile';
import type { RunEnvironment } from '../../shared/runRecord';
import { packageRoot } from '../resources/packageRoot';
import { runtimeName } from '../tensor/devices/runtimeName';

/** What the numbers of a run depend on beside its run file. Files that cannot be read are left out; reading them says why. */
export async function environmentOf(spec: RunFile, directory: string): Promise<RunEnvironment> {
  const hashes = await Promise.all(
    inputFiles(spec).map(async ({ file }) => {
      const absolute = path.resolve(directory, file);
      return [absolute, await sha256Of(absolute)] as const;
    }),
  );
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? arch();
  return {
    bracket: packageRoot().version,
    node: process.version,
    runtime: await runtimeName(),
    platform: `${platform()} ${release()} ${arch()}, ${formatPlural(processors.length, 'core', 'cores')}, ${model}`,
    device: spec.device,
    hashes: Object.fromEntries(hashes.filter((entry): entry is readonly [string, string] => entry[1] !== undefined)),
  };
}

/** The file of an earlier environment that is not what it was: its path. One that was not read then or now is no evidence. */
export function changedFile(before: RunEnvironment['hashes'], now: RunEnvironment['hashes']): string | undefined {
  return Object.keys(before).find((file) => now[file] !== undefined && now[file] !== before[file]);
}

async function sha256Of(file: string): Promise<string | undefined> {
  try {
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}

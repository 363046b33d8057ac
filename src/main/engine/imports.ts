import { rmSync } from 'node:fs';
import path from 'node:path';
import { RpcError } from '../../shared/rpc';
import { keepArtifact, type Artifact } from '../store';
import type { EngineContext } from './context';
import { checkReadable } from './paths';

export type FileSource = { readonly upload: string; readonly name: string } | { readonly path: string };

/**
 * Takes a file into the data folder, once someone has looked into it.
 * @param look reads the file and says what it is; what it throws is told with the file's own name in place of where it lies now
 */
export async function takeFile<Facts extends { readonly sha256: string }>(
  context: EngineContext,
  source: FileSource,
  look: (file: string) => Promise<Facts>,
): Promise<{ readonly facts: Facts; readonly artifact: Artifact; readonly name: string }> {
  const uploaded = 'upload' in source;
  if (!uploaded) checkReadable(context, 'path', path.resolve(source.path));
  const file = uploaded ? context.uploads.named(source.upload, source.name) : path.resolve(source.path);
  const name = path.basename(uploaded ? source.name.replaceAll('\\', '/') : file);
  try {
    const facts = renamed(await look(file), file, name);
    const artifact = await keepArtifact(context.store, file, name);
    if (artifact.sha256 !== facts.sha256)
      throw new RpcError('conflict', `${name}: the file changed while it was read. Try again once it is complete.`);
    return { facts, artifact, name };
  } catch (error) {
    throw withName(error, file, name);
  } finally {
    if (uploaded) rmSync(file, { force: true });
  }
}

/** "vae_epoch_25.pth" → "vae_epoch_25". */
export function titleOf(name: string): string {
  return path.parse(name.replace(/\.gz$/i, '')).name.slice(0, 200) || name.slice(0, 200);
}

function withName(error: unknown, file: string, name: string): unknown {
  if (!(error instanceof RpcError)) return error;
  return new RpcError(error.code, error.message.replaceAll(file, name), error.details);
}

function renamed<Facts>(facts: Facts, file: string, name: string): Facts {
  if (typeof facts !== 'object' || facts === null || !('problem' in facts)) return facts;
  return { ...facts, problem: typeof facts.problem === 'string' ? facts.problem.replaceAll(file, name) : null };
}

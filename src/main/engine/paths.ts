import { realpathSync } from 'node:fs';
import path from 'node:path';
import { RpcError } from '../../shared/rpc';
import { inputFiles, type RunFile } from '../../shared/runFile';
import { packageRoot } from '../resources/packageRoot';
import { getSpec, listRuns } from '../store';
import type { EngineContext } from './context';

/** The files that a run reads, absolute, by the field that names them. */
export function inputsOf(spec: RunFile, directory: string): { readonly field: string; readonly path: string }[] {
  return inputFiles(spec).map(({ field, file }) => ({ field, path: path.resolve(directory, file) }));
}

/**
 * Whether a window may have a file read. The desktop's may name any, as its user could. A page that came over the network may name
 * what is kept in the data folder, what comes with the program, what the server was started for (`--folder`), and what a run of
 * this history has read already; the rest of the machine is none of its business.
 */
export function checkReadable(context: EngineContext, field: string, file: string): void {
  if (context.host === 'electron') return;
  const real = realOf(file);
  const roots = [context.store.artifacts, path.join(packageRoot().directory, 'resources'), ...context.folders];
  if (roots.some((root) => isInside(real, realOf(root)))) return;
  if (isKnownInput(context, file)) return;
  throw new RpcError(
    'bad-input',
    `${field}: ${path.basename(file)} lies outside of what this server may read. Import the file, or start the server with "--folder" and its folder.`,
    { path: field },
  );
}

function isKnownInput({ store }: EngineContext, file: string): boolean {
  return listRuns(store).some(({ id }) => {
    const { spec, directory } = getSpec(store, id);
    return inputsOf(spec, directory).some((input) => input.path === file);
  });
}

/** Without links; a file that is not there has its own path. */
function realOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}

function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}

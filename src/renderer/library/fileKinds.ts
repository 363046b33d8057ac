/** What a file is taken for when it is dropped somewhere; its content has the last word. */
export type FileKind = 'model' | 'data' | 'run';

export const modelFiles = '.pth,.pt,.safetensors,.npz';
export const dataFiles = '.npy,.npz,.csv,.tsv,.gz,.bin,.idx,.idx1-ubyte,.idx3-ubyte,.txt';

/** Formats that only data come in; a .npz may be either. */
const dataNames = /(\.(npy|csv|tsv|txt|bin|idx\d?)|ubyte)(\.gz)?$|\.gz$/i;
const modelNames = /\.(pth|pt|safetensors|ckpt|bin\.safetensors)$/i;

/**
 * @param here what the page on show is about; it decides where the name does not
 */
export function kindOfFile(name: string, here: 'model' | 'data' | null): FileKind {
  if (/\.json$/i.test(name)) return 'run';
  if (modelNames.test(name)) return 'model';
  if (dataNames.test(name)) return 'data';
  return here ?? 'model';
}

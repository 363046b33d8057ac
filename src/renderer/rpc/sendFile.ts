import { formatBytes } from '../../shared/format';
import { maximumUploadBytes } from '../../shared/library';
import { RpcError, type Params } from '../../shared/rpc';
import { shell } from './index';
import { knownToken } from './token';

export interface SendOptions {
  readonly signal?: AbortSignal;
  /** Share of the file that has been sent, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/**
 * Brings a dropped or picked file to the engine: on the desktop by its path, from a browser by sending its content.
 * @returns what `models.import` and `datasets.import` take
 * @throws RpcError with a sentence when the file is too large or the engine is gone
 */
export function sendFile(file: File, { signal, onProgress }: SendOptions = {}): Promise<Params<'models.import'>> {
  if (shell !== undefined) return Promise.resolve({ path: shell.pathOf(file) });
  if (file.size > maximumUploadBytes) {
    const [size, most] = [formatBytes(file.size), formatBytes(maximumUploadBytes)];
    return Promise.reject(
      new RpcError('bad-input', `${file.name}: the file has ${size}, more than the ${most} allowed.`),
    );
  }
  return new Promise((resolve, reject) => {
    // fetch does not tell how much of a body has been sent.
    const request = new XMLHttpRequest();
    request.open('POST', 'upload');
    request.setRequestHeader('authorization', `Bearer ${knownToken()}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.responseType = 'json';
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress?.(total > 0 ? loaded / total : 1));
    request.addEventListener('load', () => {
      const { upload, message } = (request.response ?? {}) as { upload?: string; message?: string };
      if (request.status === 200 && upload !== undefined) resolve({ upload, name: file.name.slice(-300) });
      else reject(new RpcError('bad-input', message ?? `The file could not be sent (${request.status}).`));
    });
    request.addEventListener('error', () =>
      reject(new RpcError('unavailable', 'The connection broke off. Try again.')),
    );
    request.addEventListener('abort', () => reject(new RpcError('cancelled', 'Sending was cancelled.')));
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

import { protocol } from 'electron';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { securityHeaders } from '../resources/contentSecurity';
import { isPage, readPage, rendererDirectory, RendererFiles } from '../resources/rendererFiles';
import { isOwnAddress, scheme } from './address';

/** Must be called before the app is ready. */
export function declareProtocol(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Answers the window's own protocol with the files of its build and nothing else. */
export function serveProtocol(): void {
  const files = new RendererFiles(rendererDirectory());
  protocol.handle(scheme, (request) => answerRequest(request, files));
}

export async function answerRequest(request: Request, files: RendererFiles): Promise<Response> {
  const nonce = randomBytes(16).toString('base64url');
  const headers = { ...securityHeaders({ nonce }) };
  if (!isOwnAddress(request.url) || request.method !== 'GET') return new Response(null, { status: 403, headers });
  const file = files.find(new URL(request.url).pathname);
  if (file === undefined) return new Response(null, { status: 404, headers });
  const body = isPage(file) ? await readPage(file, nonce) : await readFile(file.path);
  return new Response(new Uint8Array(body), { headers: { ...headers, 'content-type': file.type } });
}

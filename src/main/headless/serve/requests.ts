import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { InputError } from '../../../shared/errors';
import { errorShape } from '../../../shared/rpc';
import type { Engine } from '../../engine';
import { securityHeaders } from '../../resources/contentSecurity';
import { isPage, readPage, type RendererFiles } from '../../resources/rendererFiles';
import { bearer, isOwnHost, isOwnOrigin, isToken } from './access';
import { notBuiltPage, staleTokenPage } from './pages';
import { sendFile, sendJson, sendPage } from './respond';

export interface RequestOptions {
  readonly engine: Engine;
  readonly files: RendererFiles;
  readonly token: string;
  /** What `--host` said. */
  readonly host: string;
}

/**
 * Everything that the host answers over plain HTTP. The window's own files are no secret and are given to anyone who asks this
 * machine; what belongs to the user needs the token in a header, which no page of another site can send.
 */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: RequestOptions,
): Promise<void> {
  const { host } = request.headers;
  const nonce = randomBytes(16).toString('base64url');
  const connect = host === undefined ? [] : [`ws://${host}`, `wss://${host}`];
  for (const [name, value] of Object.entries(securityHeaders({ connect, nonce }))) response.setHeader(name, value);
  if (!isOwnHost(host, options.host)) {
    response.setHeader('content-security-policy', "default-src 'none'");
    return refuse(request, response, 403, 'This server does not go by that name.');
  }
  if (!isOwnOrigin(request.headers))
    return refuse(request, response, 403, 'Pages of other sites may not ask this server.');
  const url = parseAddress(request.url);
  if (url === undefined) return refuse(request, response, 400, 'The address is malformed.');
  const path = url.pathname;
  if (path === '/upload') return upload(request, response, options);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return refuse(request, response, 405, 'This address can only be read.');
  }
  if (path === '/session') {
    if (!isToken(bearer(request.headers), options.token)) return sendJson(response, 401, staleToken);
    return sendJson(response, 200, { session: true });
  }
  const artifact = /^\/artifacts\/([0-9a-f]{64})$/.exec(path)?.[1];
  if (artifact !== undefined) return sendArtifact(request, response, options, artifact);
  const given = url.searchParams.get('token');
  if (given !== null && !isToken(given, options.token)) return sendPage(response, 401, staleTokenPage);
  const file = options.files.find(path);
  if (file === undefined) {
    if (path === '/') return sendPage(response, 503, notBuiltPage);
    return sendJson(response, 404, { message: 'There is nothing at this address.' });
  }
  if (isPage(file)) return sendPage(response, 200, await readPage(file, nonce));
  await sendFile(request, response, file.path, {
    'content-type': file.type,
    'cache-control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-cache',
  });
}

const staleToken = {
  message: 'The token is missing or of a server that has ended. Open the address that was printed last.',
};

/** The dot segments are already gone from a parsed URL; anything else odd simply names no file. */
function parseAddress(address: string | undefined): URL | undefined {
  if (address === undefined || !address.startsWith('/') || address.startsWith('//')) return undefined;
  return URL.parse(address, 'http://bracket.invalid') ?? undefined;
}

async function upload(request: IncomingMessage, response: ServerResponse, options: RequestOptions): Promise<void> {
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST');
    return refuse(request, response, 405, 'Files are sent here with POST.');
  }
  if (!isToken(bearer(request.headers), options.token)) return refuse(request, response, 401, staleToken.message);
  const length = request.headers['content-length'];
  const { uploads } = options.engine;
  if (length !== undefined && Number(length) > uploads.limit)
    return refuse(request, response, 413, `The file is larger than the ${uploads.limit} bytes allowed.`);
  try {
    const id = await uploads.receive(request, length === undefined ? undefined : Number(length));
    sendJson(response, 200, { upload: id });
  } catch (error) {
    if (request.destroyed && !request.complete && response.destroyed) return;
    refuse(request, response, error instanceof InputError ? 413 : 500, errorShape(error).message);
  }
}

async function sendArtifact(
  request: IncomingMessage,
  response: ServerResponse,
  { engine, token }: RequestOptions,
  sha256: string,
): Promise<void> {
  if (!isToken(bearer(request.headers), token)) return sendJson(response, 401, staleToken);
  const path = engine.artifact(sha256);
  if (path === undefined) return sendJson(response, 404, { message: 'There is no such artifact.' });
  await sendFile(request, response, path, {
    'content-type': 'application/octet-stream',
    'content-disposition': 'attachment',
    'cache-control': 'private, max-age=31536000, immutable',
  });
}

/** An answer to a request whose body nobody will read: the connection ends with it. */
function refuse(request: IncomingMessage, response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  sendJson(response, status, { message }, { connection: 'close' });
  request.resume();
  // What is still on its way is thrown away for a moment, so that the answer gets through, and then cut off.
  setTimeout(() => request.destroy(), 2000).unref();
}

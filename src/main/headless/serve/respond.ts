import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

type Headers = Readonly<Record<string, string | number>>;

/** Ends an answer with a JSON object; errors have a `message` to show. */
export function sendJson(response: ServerResponse, status: number, value: unknown, headers: Headers = {}): void {
  sendText(response, status, JSON.stringify(value), 'application/json', headers);
}

export function sendPage(response: ServerResponse, status: number, html: string | Uint8Array): void {
  sendText(response, status, html, 'text/html; charset=utf-8');
}

function sendText(
  response: ServerResponse,
  status: number,
  text: string | Uint8Array,
  type: string,
  headers: Headers = {},
): void {
  const body = Buffer.from(text);
  response.writeHead(status, {
    'content-type': type,
    'content-length': body.length,
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** Streams a file as the answer. */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  headers: Headers,
): Promise<void> {
  const stream = createReadStream(path);
  await new Promise<void>((resolve, reject) => stream.once('open', () => resolve()).once('error', reject));
  response.writeHead(200, headers);
  if (request.method === 'HEAD') {
    stream.destroy();
    response.end();
    return;
  }
  // A reader that goes away is no failure.
  await pipeline(stream, response).catch(() => undefined);
}

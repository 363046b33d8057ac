import { createServer, STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { InputError } from '../../../shared/errors';
import { rpcPath, rpcProtocol, socketTransport, tokenProtocol, type SocketLike } from '../../../shared/rpc';
import type { Engine } from '../../engine';
import { rendererDirectory, RendererFiles } from '../../resources/rendererFiles';
import { bearer, isOwnHost, isOwnOrigin, isToken, newToken } from './access';
import { answer } from './requests';

export interface HostOptions {
  readonly engine: Engine;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Take the next free port where this one is taken. */
  readonly search?: boolean;
  readonly renderer?: string;
  /** A new one when left out. */
  readonly token?: string | undefined;
  readonly onError?: (error: unknown) => void;
}

export interface RunningHost {
  /** With the token: whoever has it may do everything that the app can. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  close(): Promise<void>;
}

/** A figure of a page goes to the engine as one message. */
const largestMessage = 32 * 2 ** 20;
const mostWindows = 64;
const heartbeat = 30_000;
const portsTried = 20;

/** Serves the window and the engine over HTTP and a WebSocket. */
export async function startHost(options: HostOptions): Promise<RunningHost> {
  const { engine, host } = options;
  const token = options.token ?? newToken();
  const requestOptions = { engine, host, token, files: new RendererFiles(options.renderer ?? rendererDirectory()) };
  const server = createServer(
    { headersTimeout: 15_000, requestTimeout: 0, keepAliveTimeout: 10_000 },
    (request, response) => {
      answer(request, response, requestOptions).catch((error: unknown) => {
        options.onError?.(error);
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    },
  );
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: largestMessage,
    // Tables of runs shrink tenfold, which a tunnel to a far server is glad of.
    perMessageDeflate: { threshold: 16_384, zlibDeflateOptions: { level: 1 } },
    handleProtocols: () => rpcProtocol,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const status = refusal(request, host, token, sockets.clients.size);
    if (status !== undefined) {
      socket.on('error', () => undefined);
      socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      keepAlive(webSocket);
      engine.connect(socketTransport(webSocket as unknown as SocketLike));
    });
  });
  const port = await listen(server, host, options.port, options.search === true ? portsTried : 1);
  return {
    token,
    port,
    url: `http://${addressName(host)}:${port}/?token=${token}`,
    async close() {
      for (const client of sockets.clients) client.close(1001, 'The server has ended.');
      setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
        server.closeAllConnections();
      }, 500).unref();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Why a WebSocket is refused, as a status. A page of any site can try to open one, so this is asked before anything else. */
function refusal({ headers, url }: IncomingMessage, host: string, token: string, open: number): number | undefined {
  if (!isOwnHost(headers.host, host) || !isOwnOrigin(headers)) return 403;
  if (url !== rpcPath) return 404;
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  const prefix = tokenProtocol('');
  const given = protocols.find((protocol) => protocol.startsWith(prefix))?.slice(prefix.length);
  if (!isToken(given ?? bearer(headers), token)) return 401;
  if (!protocols.includes(rpcProtocol)) return 400;
  return open >= mostWindows ? 503 : undefined;
}

/** A window whose machine has gone to sleep or lost its network answers no ping and is let go. */
function keepAlive(socket: WebSocket): void {
  let alive = true;
  socket.on('pong', () => (alive = true));
  // Without a listener an error, for example a message that is too large, would end the process.
  socket.on('error', () => undefined);
  const timer = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, heartbeat);
  timer.unref();
  socket.on('close', () => clearInterval(timer));
}

async function listen(server: Server, host: string, first: number, tries: number): Promise<number> {
  for (let port = first; ; port += 1) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port }, () => {
          server.off('error', reject);
          resolve();
        });
      });
      return (server.address() as AddressInfo).port;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (code === 'EADDRINUSE' && port + 1 < first + tries) continue;
      throw listenFailure(code, host, port, error);
    }
  }
}

function listenFailure(code: string, host: string, port: number, cause: unknown): unknown {
  switch (code) {
    case 'EADDRINUSE':
      return new InputError('--port', `${port} is taken by another program`, 'Choose another, or 0 for any.', {
        cause,
      });
    case 'EACCES':
      return new InputError('--port', `${port} is not for every program to use`, 'Choose one above 1024.', { cause });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new InputError('--host', `"${host}" is no address of this machine`, 'Use 127.0.0.1, or 0.0.0.0 for all.', {
        cause,
      });
    default:
      return cause;
  }
}

/** What a browser on this machine can open. */
function addressName(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

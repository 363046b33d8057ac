import { rpcPath, rpcProtocol, socketTransport, tokenProtocol } from '../../shared/rpc';
import type { ClientTransport } from '../../shared/rpc';
import { ConnectionRefused } from '../../shared/rpc/connection';
import { findToken, forgetToken } from './token';

const noToken =
  'This page needs the address that "bracket serve" printed when it started, with the token in it. Copy it from that terminal.';
const staleToken =
  'The server that this page belonged to has ended, or this address is an old one. Open the address that "bracket serve" has printed last.';

/** Opens a WebSocket to the host that served this page. */
export async function openSocket(): Promise<ClientTransport> {
  const token = await findToken();
  if (token === null) throw new ConnectionRefused(noToken);
  const address = `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}${rpcPath}`;
  const socket = new WebSocket(address, [rpcProtocol, tokenProtocol(token)]);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('error', () => void explain(token).then(reject), { once: true });
  });
  return socketTransport(socket);
}

/** A browser does not say why a WebSocket failed, so the server is asked again in a way that it does. */
async function explain(token: string): Promise<Error> {
  try {
    const { status } = await fetch('session', { headers: { authorization: `Bearer ${token}` }, cache: 'no-store' });
    if (status === 401) {
      forgetToken();
      return new ConnectionRefused(staleToken);
    }
    return new Error('The connection failed.');
  } catch {
    return new Error('The server does not answer. Is "bracket serve" still running?');
  }
}

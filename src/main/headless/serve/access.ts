import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** 256 random bits, in characters that need no escape in an address or a header. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** The token of `BRACKET_TOKEN`, for a page that must find the next server again; too short a one is no secret and is not taken. */
export function givenToken(env: Readonly<NodeJS.ProcessEnv>): string | undefined {
  const token = env['BRACKET_TOKEN'];
  return token !== undefined && /^[\w-]{32,200}$/.test(token) ? token : undefined;
}

/** Compares in a time that does not tell how much of the token was right. */
export function isToken(given: string | null | undefined, token: string): boolean {
  if (given === null || given === undefined) return false;
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * Whether a Host header names this server. A page of another site whose name was made to point here ("DNS rebinding") sends its
 * own name, which is refused. Addresses in digits cannot be rebound, so a server that was asked to listen beyond this machine
 * takes any of those. The port is left open: a tunnel may have another.
 * @param listening what `--host` said
 */
export function isOwnHost(header: string | undefined, listening: string): boolean {
  const name = hostName(header);
  if (name === undefined) return false;
  if (loopbackNames.includes(name)) return true;
  if (isLoopback(listening)) return name === listening.toLowerCase();
  if (isIP(name.replace(/^\[|\]$/g, '')) !== 0) return true;
  return name === listening.toLowerCase() || name === hostname().toLowerCase();
}

function hostName(header: string | undefined): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i.exec(header ?? '')?.[1]?.toLowerCase();
}

/** Whether a request comes from a page of this very server, port included, or from no page at all. */
export function isOwnOrigin({ origin, host }: IncomingHttpHeaders): boolean {
  if (origin === undefined) return true;
  return origin === `http://${host}` || origin === `https://${host}`;
}

/** The token of an `Authorization: Bearer` header. */
export function bearer({ authorization }: IncomingHttpHeaders): string | undefined {
  return /^Bearer ([\w-]+)$/.exec(authorization ?? '')?.[1];
}

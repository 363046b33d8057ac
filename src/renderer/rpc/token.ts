const key = 'bracket.token';
const channelName = 'bracket.token';
/** How long another tab of this address may take to answer. */
const patience = 300;

/**
 * The token of the host that served this page. It comes in the address, once, and is then kept by this tab alone: not in a cookie,
 * which the browser would send to every other server on the same machine whatever its port, and not where it would outlive the tab.
 * A second tab asks the first one. Both are bound to host and port.
 */
export async function findToken(): Promise<string | null> {
  const given = new URLSearchParams(location.search).get('token');
  if (given !== null) {
    sessionStorage.setItem(key, given);
    // Neither the history nor a copied address should hold it.
    history.replaceState(history.state, '', location.pathname + location.hash);
  }
  const token = sessionStorage.getItem(key) ?? (await askOtherTabs());
  if (token === null) return null;
  sessionStorage.setItem(key, token);
  answerOtherTabs(token);
  return token;
}

/** Synchronous, for requests that are made once the connection stands. */
export function knownToken(): string {
  return sessionStorage.getItem(key) ?? '';
}

export function forgetToken(): void {
  sessionStorage.removeItem(key);
}

function askOtherTabs(): Promise<string | null> {
  const channel = new BroadcastChannel(channelName);
  return new Promise((resolve) => {
    const end = (token: string | null): void => {
      clearTimeout(limit);
      channel.close();
      resolve(token);
    };
    const limit = setTimeout(() => end(null), patience);
    channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (isAnswer(data)) end(data.token);
    });
    channel.postMessage('token?');
  });
}

let answering: BroadcastChannel | undefined;

function answerOtherTabs(token: string): void {
  answering?.close();
  answering = new BroadcastChannel(channelName);
  answering.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (data === 'token?') answering?.postMessage({ token });
  });
}

function isAnswer(data: unknown): data is { token: string } {
  return typeof data === 'object' && data !== null && 'token' in data && typeof data.token === 'string';
}

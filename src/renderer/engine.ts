import { createConnection, type ReconnectingClient } from '../shared/rpc';
import { connectToEngine } from './rpc';

/** Builds for development may show made-up runs instead of an engine's: `?fake=1`, or with `--mode fake` always. */
function wantsFake(): boolean {
  if (import.meta.env.MODE === 'fake') return true;
  return import.meta.env.DEV && new URLSearchParams(location.search).has('fake');
}

function connect(): ReconnectingClient {
  // Spelled out, so that a build for use leaves the whole branch and what it imports away.
  if ((import.meta.env.DEV || import.meta.env.MODE === 'fake') && wantsFake()) {
    return createConnection(async () => {
      const { fakeEngine } = await import('../../test/support/fakeEngine');
      const asked = new URLSearchParams(location.search);
      return fakeEngine({ runs: Number(asked.get('runs') ?? 2000) });
    });
  }
  return connectToEngine();
}

/** This window's one connection to the engine. Stores call it; components ask the stores. */
export const engine: ReconnectingClient = connect();

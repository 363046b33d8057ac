import { errorShape, portTransport } from '../../shared/rpc';
import { createEngine } from '../engine';
import type { EngineArguments, FromEngine, ToEngine } from './messages';
import { portLike } from './ports';

// The engine forks the processes that compute with Electron's own program; this has it behave as Node.
process.env['ELECTRON_RUN_AS_NODE'] = '1';

const { parentPort } = process;
const tell = (message: FromEngine): void => parentPort.postMessage(message);
const { notice } = JSON.parse(process.argv[2] ?? '{"notice":null}') as EngineArguments;
const debug = process.env['BRACKET_DEBUG'] !== undefined;

try {
  const engine = createEngine({
    host: 'electron',
    debug,
    onError: (what, error) => console.error(`${what}:`, error),
  });
  parentPort.on('message', ({ data, ports: [port] }) => {
    const message = data as ToEngine;
    if (message.type === 'close') {
      void engine.close().finally(() => process.exit(0));
      return;
    }
    if (port === undefined) return;
    const connection = engine.connect(portTransport(portLike(port)));
    if (notice !== null) connection.send('notice', { level: 'warning', text: notice });
  });
  tell({ type: 'ready' });
} catch (error) {
  tell({ type: 'failed', message: errorShape(error, debug).message });
  // Messages travel by themselves; this gives them the time.
  setTimeout(() => process.exit(2), 200);
}

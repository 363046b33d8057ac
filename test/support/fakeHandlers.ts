import { methods, type Handlers, type MethodName } from '../../src/shared/rpc';

/** Handlers that refuse everything but what a test gives. */
export function fakeHandlers(given: Partial<Handlers>): Handlers {
  const names = Object.keys(methods) as MethodName[];
  const refusing = names.map((name) => [
    name,
    () => {
      throw new Error(`${name} was not expected`);
    },
  ]);
  return { ...(Object.fromEntries(refusing) as Handlers), ...given };
}

const nobody = 65_534;

/**
 * Does something as a user who may not write what this process has made; who runs the tests as root may otherwise write everything.
 * Nothing else may go on in the process meanwhile.
 */
export async function asOtherUser<T>(work: () => T | Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

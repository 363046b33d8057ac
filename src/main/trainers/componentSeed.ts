import { createHash } from 'node:crypto';

/**
 * A seed of its own for each network of a run, so that two that are trained alike see different minibatches, and none changes when
 * another is added to the run file.
 * @param seed of the run
 * @param name of the proposal or critic
 * @returns an integer in [0, 2^53)
 */
export function componentSeed(seed: number, name: string): number {
  const digest = createHash('sha256').update(`${seed}/${name}`).digest();
  return digest.readUIntBE(0, 6) * 32 + (digest.readUInt8(6) >> 3);
}

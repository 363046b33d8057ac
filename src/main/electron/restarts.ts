const window = 60_000;
const most = 3;

/**
 * How long to wait before an engine that has crashed is started again, milliseconds; null to give up, because what makes it crash
 * is still there.
 * @param crashes when it crashed, this one included, oldest first
 */
export function restartDelay(crashes: readonly number[], now: number): number | null {
  const recent = crashes.filter((time) => now - time < window).length;
  return recent > most ? null : 250 * 4 ** Math.max(0, recent - 1);
}

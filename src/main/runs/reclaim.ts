import { addLog, isHeld, ownersOfRunning, setStatus, type Store } from '../store';

/** What a run says that was computing when its process ended without a word. */
const sentence = 'Bracket stopped while this run computed. Resume it to go on from its last snapshot.';

/**
 * Marks runs as interrupted whose process has gone.
 * @param mine an owner that this process has just become: what it owned was another's
 * @returns the ids of those runs
 */
export function reclaimRuns(store: Store, mine?: string): string[] {
  const reclaimed: string[] = [];
  for (const { id, owner } of ownersOfRunning(store)) {
    if (owner !== null && owner !== mine && isHeld(store, owner)) continue;
    store.write(() => {
      if (!setStatus(store, id, 'interrupted', { from: ['running'], error: sentence })) return;
      addLog(store, id, 'Interrupted: Bracket stopped while this run computed.');
      reclaimed.push(id);
    });
  }
  return reclaimed;
}

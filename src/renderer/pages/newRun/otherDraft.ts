import type { Draft, DraftKind } from '../../../shared/forms';

/** The drafts of the kinds that are not being written, each as it was left; until the window is closed. */
export const otherDrafts = new Map<DraftKind, Draft>();

import { shallowRef } from 'vue';
import type { Draft } from '../../../shared/forms';

/** The draft of the kind that is not being written, as it was left; until the window is closed. */
export const otherDraft = shallowRef<{ readonly kind: 'model' | 'target'; readonly spec: Draft } | null>(null);

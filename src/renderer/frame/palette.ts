import { ref } from 'vue';

/** Whether the command palette is open. */
export const paletteOpen = ref(false);
/** Whether the sheet of shortcuts is open. */
export const shortcutsOpen = ref(false);

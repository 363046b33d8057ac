import { ref, type Ref } from 'vue';
import { useNotices } from '../stores/notices';

/** Work that takes a moment: whether any is under way. What goes wrong is told in a corner. */
export function useBusy(): { busy: Ref<boolean>; during: (work: () => Promise<unknown>) => Promise<boolean> } {
  const notices = useNotices();
  const busy = ref(false);
  return {
    busy,
    /** @returns whether it went well */
    during: async (work) => {
      busy.value = true;
      try {
        await work();
        return true;
      } catch (error) {
        notices.fail(error);
        return false;
      } finally {
        busy.value = false;
      }
    },
  };
}

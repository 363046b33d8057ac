import { useNotices } from '../stores/notices';

/** Puts a text on the clipboard and says so: `what` is what was copied, as in "the run file". */
export function useCopy(): (text: string, what: string) => Promise<void> {
  const notices = useNotices();
  return async (text, what) => {
    try {
      await navigator.clipboard.writeText(text);
      notices.show(`Copied ${what}.`, { seconds: 4 });
    } catch {
      // Refused, or not there at all: a page that did not come over TLS or from this machine has no clipboard.
      notices.show('This page may not write the clipboard. Select the text and copy it, or save it as a file.', {
        level: 'warning',
      });
    }
  };
}

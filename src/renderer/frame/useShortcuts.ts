import { useEventListener } from '@vueuse/core';
import { useRouter } from 'vue-router';
import { hasMod, isTyping } from '../components/keys';
import { shell } from '../rpc';
import { paletteOpen, shortcutsOpen } from './palette';
import { places } from './places';

/** How long after G its second key may come. */
const patience = 1200;

/** Shortcuts that work everywhere, and what the native menu of the desktop shell asks for. */
export function useShortcuts(): void {
  const router = useRouter();
  let afterG = 0;

  const open = (to: string): void => {
    paletteOpen.value = false;
    shortcutsOpen.value = false;
    void router.push(to);
  };

  useEventListener('keydown', (event) => {
    if (event.defaultPrevented) return;
    if (hasMod(event) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      paletteOpen.value = !paletteOpen.value;
      return;
    }
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (paletteOpen.value || shortcutsOpen.value) return;
    const key = event.key.toLowerCase();
    const place = event.timeStamp - afterG < patience ? places.find((one) => one.key.toLowerCase() === key) : undefined;
    afterG = 0;
    if (place !== undefined) open(place.to);
    else if (key === 'g') afterG = event.timeStamp;
    else if (key === 'n') open('/runs/new');
    else if (key === '?') shortcutsOpen.value = true;
    else return;
    event.preventDefault();
  });

  shell?.onCommand((command) => {
    if (command.type === 'go') open(command.to);
    if (command.type === 'palette') paletteOpen.value = true;
    if (command.type === 'shortcuts') shortcutsOpen.value = true;
  });
}

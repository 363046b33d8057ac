import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { Settings } from '../../shared/rpc';
import { engine } from '../engine';
import { themeSetting } from '../theme';
import { useLoading } from './loading';
import { useNotices } from './notices';

/** Settings that the engine keeps. */
export const useSettings = defineStore('settings', () => {
  const current = shallowRef<Settings>({ theme: themeSetting.value, device: 'cpu', parallelRuns: 1 });

  function take(settings: Settings): void {
    current.value = settings;
    themeSetting.value = settings.theme;
  }

  engine.on('settings.changed', take);
  const loading = useLoading(async () => take(await engine.call('settings.get', {})));

  /** Shown at once, taken back when the engine refuses. */
  async function change(part: Partial<Settings>): Promise<void> {
    const before = current.value;
    take({ ...before, ...part });
    try {
      take(await engine.call('settings.set', part));
    } catch (error) {
      take(before);
      useNotices().fail(error);
    }
  }

  return {
    current,
    change,
    loadState: loading.state,
    loadError: loading.error,
    ensure: loading.ensure,
    reload: loading.reload,
  };
});

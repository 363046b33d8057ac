import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { SystemInfo } from '../../shared/rpc';
import type { ConnectionState } from '../../shared/rpc/connection';
import { engine } from '../engine';
import { useLoading } from './loading';
import { useNotices } from './notices';

/** The engine: what it is, and whether this window reaches it. */
export const useSystem = defineStore('system', () => {
  const info = shallowRef<SystemInfo | null>(null);
  const connection = shallowRef<ConnectionState>(engine.state);
  const loading = useLoading(async () => {
    info.value = await engine.call('system.info', {});
  });
  engine.onState((state) => {
    connection.value = state;
  });
  // The devices are tried after the engine has started, and may be known only now.
  engine.on('system.changed', (changed) => (info.value = changed));
  engine.on('notice', ({ level, text }) => useNotices().show(text, { level }));
  return {
    info,
    connection,
    loadState: loading.state,
    loadError: loading.error,
    ensure: loading.ensure,
    reload: loading.reload,
  };
});

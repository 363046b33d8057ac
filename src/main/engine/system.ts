import type { SystemInfo } from '../../shared/rpc';
import type { EngineContext } from './context';

/** Answers at once with what is known of the devices, which are tried meanwhile. */
export class SystemDescription {
  private readonly context: EngineContext;
  private tried: Pick<SystemInfo, 'runtime' | 'devices'> = { runtime: null, devices: [] };

  constructor(context: EngineContext) {
    this.context = context;
  }

  get(): SystemInfo {
    const { store, host, version } = this.context;
    return {
      version,
      node: process.versions.node,
      electron: process.versions['electron'] ?? null,
      platform: `${process.platform} ${process.arch}`,
      home: store.folder,
      host,
      ...this.tried,
    };
  }

  async tryDevices(): Promise<void> {
    this.tried = await this.context.tasks.run('devices', null);
    this.context.events.emit('system.changed', this.get());
  }
}

import type { SystemInfo } from '../../shared/rpc';
import type { EngineContext } from './context';

/** Answers at once with what is known of the devices, which are tried meanwhile. */
export class SystemDescription {
  private readonly context: EngineContext;
  private devices: SystemInfo['devices'] = [];

  constructor(context: EngineContext) {
    this.context = context;
  }

  get(): SystemInfo {
    const { store, host, version } = this.context;
    const electron = process.versions['electron'];
    return {
      version,
      node: process.versions.node,
      runtime: electron === undefined ? `Node ${process.versions.node}` : `Electron ${electron}`,
      platform: `${process.platform} ${process.arch}`,
      home: store.folder,
      host,
      devices: this.devices,
    };
  }

  async tryDevices(): Promise<void> {
    this.devices = await this.context.tasks.run('devices', null);
    this.context.events.emit('system.changed', this.get());
  }
}

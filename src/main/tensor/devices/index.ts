import { InputError, oneLine } from '../../../shared/errors';
import { deviceNames, type DeviceName } from '../../../shared/runFile';
import type { Device } from '../types';
import { unavailable, type Availability, type DeviceModule } from './module';

export interface DeviceInfo {
  readonly name: DeviceName;
  readonly available: boolean;
  /** What it is, or in one line why it cannot be used and what to do. */
  readonly detail: string;
}

const modules: Readonly<Record<DeviceName, () => Promise<DeviceModule>>> = {
  cpu: async () => (await import('./cpu')).cpu,
  webgpu: async () => (await import('./webgpu')).webgpu,
  cuda: async () => (await import('./cuda')).cuda,
  tensorflow: async () => (await import('./tensorflow')).tensorflow,
  reference: async () => (await import('./reference')).referenceModule,
};

/**
 * Opens a device by name.
 * @throws InputError with one line that says why the device cannot be used here and what to do
 */
export async function openDevice(name: DeviceName): Promise<Device> {
  const found = await find(name);
  if (!found.state.available) {
    throw new InputError('device', `"${name}" ${found.state.reason}`, found.state.fix);
  }
  return found.open();
}

/** Every device in the order of `deviceNames`, those included that cannot be used. */
export async function listDevices(): Promise<DeviceInfo[]> {
  return Promise.all(
    deviceNames.map(async (name) => {
      const { state } = await find(name);
      return { name, available: state.available, detail: state.available ? state.detail : sentences(state) };
    }),
  );
}

async function find(name: DeviceName): Promise<{ state: Availability; open: () => Promise<Device> }> {
  try {
    const module = await modules[name]();
    return { state: await module.check(), open: () => module.open() };
  } catch (error) {
    // A native library that does not fit this system fails while its module is imported.
    const state = unavailable(
      `cannot be loaded on this system (${oneLine(error instanceof Error ? error.message : String(error), 200)})`,
      `Use ${name === 'cpu' ? '"reference"' : '"cpu"'}.`,
    );
    return { state, open: () => Promise.reject(new Error(state.available ? '' : state.reason)) };
  }
}

function sentences({ reason, fix }: { reason: string; fix: string }): string {
  return oneLine(`${reason.charAt(0).toUpperCase()}${reason.slice(1)}. ${fix}`);
}

import { listDevices } from '../tensor/devices';
import { runtimeName } from '../tensor/devices/runtimeName';
import type { Devices } from './types';

/** Tries every device. */
export async function devices(): Promise<Devices> {
  return { runtime: await runtimeName(), devices: await listDevices() };
}

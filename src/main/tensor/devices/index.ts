import type { DeviceName } from '../../../shared/runFile';
import type { Device } from '../types';
import { ortProgram } from './ort';
import { reference } from './reference';

export interface DeviceInfo {
  readonly name: DeviceName;
  readonly available: boolean;
  /** What it is, or in one line why it cannot be used and what to do. */
  readonly detail: string;
}

/** Opens a device by name. */
export async function openDevice(name: DeviceName): Promise<Device> {
  if (name === 'reference') return reference;
  return { name, compile: (fn, options) => ortProgram(fn, options, { provider: 'cpu' }) };
}

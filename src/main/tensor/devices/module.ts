import type { Device } from '../types';

/** Whether a device can be used on this machine. */
export type Availability =
  | {
      readonly available: true;
      /** What computes: "ONNX Runtime 1.30.0, 8 threads". */
      readonly detail: string;
    }
  | {
      readonly available: false;
      /** Completes 'device "x", which …', without a full stop. */
      readonly reason: string;
      /** What to do about it, a sentence. */
      readonly fix: string;
    };

/** What each file of a device gives. It is imported only when the device is chosen or listed: some load hundreds of megabytes. */
export interface DeviceModule {
  /** Costs a trial run in another process at most; remembered for the life of this one. */
  check(): Promise<Availability>;
  /** Only after `check` said yes. */
  open(): Promise<Device>;
}

export function unavailable(reason: string, fix: string): Availability {
  return { available: false, reason, fix };
}

/** Remembers the first answer of `check`. A driver that is installed later is seen by the next process. */
export function once<T>(check: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= check());
}

import { computeThreads } from './cores';
import type { DeviceModule } from './module';
import { ortProgram, ortVersion } from './ort';

/** Traced to ONNX and run by ONNX Runtime on the processor: always there, the default. */
export const cpu: DeviceModule = {
  check: async () => {
    const threads = computeThreads();
    return { available: true, detail: `ONNX Runtime ${ortVersion}, ${threads} thread${threads === 1 ? '' : 's'}` };
  },
  open: async () => {
    const threads = computeThreads();
    return {
      name: 'cpu',
      compile: (fn, options) => {
        const { threading = 'spinning' } = options;
        const spin = threading === 'spinning';
        return ortProgram(fn, options, { provider: 'cpu', threads: threading === 'none' ? 1 : threads, spin });
      },
    };
  },
};

import { availableParallelism } from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { InputError, RunError } from '../../../../src/shared/errors';
import { listDevices, openDevice } from '../../../../src/main/tensor/devices';
import { computeThreads, countCores } from '../../../../src/main/tensor/devices/cores';
import * as cuda from '../../../../src/main/tensor/devices/cuda';
import { compileFailure, runFailure } from '../../../../src/main/tensor/devices/failures';
import { refuseDoubles } from '../../../../src/main/tensor/devices/precision';
import * as webgpu from '../../../../src/main/tensor/devices/webgpu';
import type { Availability } from '../../../../src/main/tensor/devices/module';

function reason(state: Availability | undefined): string {
  if (state === undefined) return 'nothing is missing';
  return state.available ? `available: ${state.detail}` : `${state.reason}. ${state.fix}`;
}

const badly = (message: string, log = '') => ({ ended: 'badly', message, log }) as const;

describe('devices that cannot be used', () => {
  it('are refused with the reason that the list shows', async () => {
    for (const { name, available, detail } of await listDevices()) {
      if (available) continue;
      const error = await openDevice(name).catch((refusal: unknown) => refusal);
      expect(error).toBeInstanceOf(InputError);
      const { message, where } = error as InputError;
      expect(where).toBe('device');
      expect(message).toMatch(new RegExp(`^device: "${name}" [^\\n]*\\.$`));
      expect(message.toLowerCase().endsWith(detail.toLowerCase())).toBe(true);
    }
  });

  it('webgpu says what its trial run met', () => {
    const adapter = badly('Failed to get a WebGPU adapter: No supported adapters');
    expect(reason(webgpu.judge(adapter, 'win32'))).toBe(
      'finds no graphics card with a working driver. Install the driver of the graphics card, or use "cpu".',
    );
    expect(
      reason(webgpu.judge({ ...adapter, log: "Warning: Couldn't load Vulkan: libvulkan.so.1" }, 'linux')),
    ).toContain('needs Vulkan, whose loader libvulkan.so.1 is not on this machine. Install the package libvulkan1');
    expect(reason(webgpu.judge({ ended: 'late', seconds: 30 }))).toContain('did not answer within 30 s in a trial run');
    expect(reason(webgpu.judge({ ended: 'crashed', signal: 'SIGSEGV' }))).toContain(
      'crashed in a trial run (SIGSEGV), most likely in its driver',
    );
    expect(reason(webgpu.judge(badly('strange')))).toContain('failed in a trial run (strange)');
    expect(reason(webgpu.judge({ ended: 'well', answer: ['libvk_swiftshader.so'] }))).toContain(
      'on a software adapter',
    );
    expect(reason(webgpu.judge({ ended: 'well', answer: ['libvulkan_lvp.so', 'libGLX_nvidia.so'] }))).toMatch(
      /WebGPU$/,
    );
  });

  it('cuda says what is missing and what to run', () => {
    expect(reason(cuda.missingParts('darwin', 'arm64', false))).toContain('works on Linux on x64 processors only');
    expect(reason(cuda.missingParts('linux', 'x64', false))).toContain('Run "npm run setup:cuda"');
    expect(cuda.missingParts('linux', 'x64', true)).toBeUndefined();
    const library = 'with error: libcudnn.so.9: cannot open shared object file: No such file or directory';
    expect(reason(cuda.judge(badly('Failed to load shared library', library)))).toContain('cannot load libcudnn.so.9.');
    expect(reason(cuda.judge(badly('CUDA failure 100: no CUDA-capable device is detected')))).toContain(
      'no NVIDIA GPU',
    );
    expect(reason(cuda.judge(badly('CUDA driver version is insufficient')))).toContain('needs a newer NVIDIA driver');
    expect(reason(cuda.judge({ ended: 'late', seconds: 30 }))).toContain('nvidia-smi');
    expect(reason(cuda.judge(badly('strange')))).toContain('failed in a trial run (strange)');
    expect(reason(cuda.judge({ ended: 'well', answer: [] }))).toMatch(/^available: ONNX Runtime [\d.]+, CUDA$/);
  });
});

describe('doubles', () => {
  it('are refused by the name of the device', async () => {
    expect(() => refuseDoubles('webgpu', { inputs: {}, precision: 'float64' })).toThrow(
      'precision: is "float64", which the device "webgpu" does not have. Use the device "cpu".',
    );
    const usable = (await listDevices()).filter(({ name, available }) => available && name !== 'cpu');
    for (const { name } of usable) {
      const device = await openDevice(name);
      const refused = device.compile((t) => ({ ...t }), { inputs: { x: { shape: [1] } }, precision: 'float64' });
      await expect(refused).rejects.toThrow(`"float64", which the device "${name}" does not have`);
    }
  });
});

describe('failures of the runtime', () => {
  it('become sentences', () => {
    const missing = new Error('Could not find an implementation for ConvTranspose(11) node with name');
    expect(compileFailure('cpu', missing).message).toBe(
      'The device "cpu" does not have the op ConvTranspose for these types. Use another device.',
    );
    expect(compileFailure('cpu', new Error('This is an invalid model.')).message).toBe(
      'The device "cpu" refuses the program: This is an invalid model.',
    );
    expect(runFailure('webgpu', new Error('WebGPU device lost: (2) Device was lost.')).message).toContain(
      'The device "webgpu" was lost: its driver restarted',
    );
    const located = new Error('/src/core/a.cc:136 void onnxruntime::Run(const X&)::<lambda()> went wrong');
    expect(runFailure('cpu', located).message).toBe('The device "cpu" failed: went wrong');
    expect(runFailure('cpu', located)).toBeInstanceOf(RunError);
    expect(runFailure('cpu', located).cause).toBe(located);
  });
});

describe('threads', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it('are as many as asked for, and never more than the process may use', () => {
    const available = availableParallelism();
    for (const wanted of [1, available, available + 1]) {
      vi.stubEnv('BRACKET_THREADS', String(wanted));
      expect(computeThreads()).toBe(Math.min(wanted, available));
    }
  });

  it.each(['0', 'two', '1.5', '-1'])('cannot be %s', (text) => {
    vi.stubEnv('BRACKET_THREADS', text);
    expect(computeThreads).toThrow(
      new InputError(
        'BRACKET_THREADS',
        `"${text}" is no number of threads`,
        'Give a whole number from 1, or unset it.',
      ),
    );
  });

  it('counts two hyperthreads as one core', () => {
    const processor = (socket: number, core: number): string =>
      `processor : 0\nphysical id\t: ${socket}\ncore id\t\t: ${core}`;
    const listing = [processor(0, 0), processor(0, 1), processor(0, 0), processor(0, 1), processor(1, 0)].join('\n\n');
    expect(countCores(listing)).toBe(3);
    expect(countCores('processor : 0\nBogoMIPS : 50\n')).toBeUndefined();
  });
});

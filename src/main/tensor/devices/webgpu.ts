import { once, unavailable, type Availability, type DeviceModule } from './module';
import { createSession, ortProgram, ortVersion } from './ort';
import { ortTrial, trialGraph } from './ortTrial';
import { refuseDoubles } from './precision';
import { unfinished, type Trial } from './trial';

/** The graph of `cpu` on ONNX Runtime's WebGPU provider: any graphics card with a Vulkan, Metal or Direct3D 12 driver. */
export const webgpu: DeviceModule = {
  check: once(async () => judge(await ortTrial('webgpu'))),
  open: async () => {
    await startDevice();
    return {
      name: 'webgpu',
      compile: async (fn, options) => {
        refuseDoubles('webgpu', options);
        return ortProgram(fn, options, { provider: 'webgpu' });
      },
    };
  },
};

/**
 * The provider drops the graphics device and every shader it has compiled when the last session is released. A session that is never
 * released keeps them from one program to the next.
 */
const startDevice = once(() => createSession(trialGraph(), { provider: 'webgpu' }));

const driverFix = 'Install the driver of the graphics card, or use "cpu".';

/** Says in one line what a trial run means. */
export function judge(result: Trial, platform: NodeJS.Platform = process.platform): Availability {
  if (result.ended === 'well') {
    const drivers = Array.isArray(result.answer) ? result.answer.map(String) : [];
    const software = drivers.length > 0 && drivers.every((name) => /swiftshader|lvp/.test(name));
    const note = software ? ' on a software adapter, slower than "cpu"' : '';
    return { available: true, detail: `ONNX Runtime ${ortVersion}, WebGPU${note}` };
  }
  if (result.ended !== 'badly') return unavailable(`${unfinished(result)}, most likely in its driver`, driverFix);
  if (platform === 'linux' && /Couldn't load Vulkan/.test(result.log)) {
    return unavailable(
      'needs Vulkan, whose loader libvulkan.so.1 is not on this machine',
      'Install the package libvulkan1 (vulkan-loader on Fedora) and the driver of the graphics card, or use "cpu".',
    );
  }
  if (/No supported adapters|Failed to get a WebGPU adapter/.test(result.message)) {
    return unavailable('finds no graphics card with a working driver', driverFix);
  }
  return unavailable(`failed in a trial run (${result.message.slice(0, 200)})`, driverFix);
}

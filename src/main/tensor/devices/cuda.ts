import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { once, unavailable, type Availability, type DeviceModule } from './module';
import { ortProgram, ortVersion } from './ort';
import { ortTrial } from './ortTrial';
import { refuseDoubles } from './precision';
import { unfinished, type Trial } from './trial';

/**
 * The graph of `cpu` on ONNX Runtime's CUDA provider. Its libraries are too large for the npm package; `npm run setup:cuda` fetches
 * them beside the binding.
 */
export const cuda: DeviceModule = {
  check: once(async () => {
    const missing = missingParts(process.platform, process.arch, existsSync(providerLibrary()));
    return missing ?? judge(await withExactFloats(() => ortTrial('cuda')));
  }),
  open: async () => ({
    name: 'cuda',
    compile: async (fn, options) => {
      refuseDoubles('cuda', options);
      return withExactFloats(() => ortProgram(fn, options, { provider: 'cuda' }));
    },
  }),
};

const otherDevice = 'use "webgpu" or "cpu"';

/** What is known to be missing before anything is tried. */
export function missingParts(platform: NodeJS.Platform, arch: string, library: boolean): Availability | undefined {
  if (platform !== 'linux' || arch !== 'x64') {
    return unavailable('works on Linux on x64 processors only', `On this machine ${otherDevice}.`);
  }
  if (library) return undefined;
  return unavailable(
    'needs libraries that are not installed',
    `Run "npm run setup:cuda" on a machine with an NVIDIA GPU, CUDA 12 and cuDNN 9, or ${otherDevice}.`,
  );
}

/** Says in one line what a trial run means. */
export function judge(result: Trial): Availability {
  if (result.ended === 'well') return { available: true, detail: `ONNX Runtime ${ortVersion}, CUDA` };
  if (result.ended !== 'badly') {
    return unavailable(unfinished(result), `Check the NVIDIA driver with nvidia-smi, or ${otherDevice}.`);
  }
  const said = `${result.message}\n${result.log}`;
  const library = /(lib[\w.+-]+\.so[\w.]*): cannot open shared object file/.exec(said)?.[1];
  if (library !== undefined) {
    return unavailable(
      `cannot load ${library}`,
      `Install CUDA 12 and cuDNN 9 and put their folders into LD_LIBRARY_PATH, or ${otherDevice}.`,
    );
  }
  if (/no CUDA-capable device|CUDA failure 100\b/i.test(said)) {
    return unavailable('finds no NVIDIA GPU', `Check the NVIDIA driver with nvidia-smi, or ${otherDevice}.`);
  }
  if (/driver version is insufficient|CUDA failure 35\b/i.test(said)) {
    return unavailable('needs a newer NVIDIA driver', `Install one that knows CUDA 12, or ${otherDevice}.`);
  }
  return unavailable(`failed in a trial run (${result.message.slice(0, 200)})`, `Check nvidia-smi, or ${otherDevice}.`);
}

/**
 * cuBLAS would round the factors of float32 products to the 10 bits of TF32, which moves bounds by more than their noise. The
 * switch is read when CUDA's libraries start. Whoever sets the variable decides.
 */
function withExactFloats<T>(body: () => Promise<T>): Promise<T> {
  process.env['NVIDIA_TF32_OVERRIDE'] ??= '0';
  return body();
}

function providerLibrary(): string {
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  const folder = join(dirname(entry), 'bin', 'napi-v6', process.platform, process.arch);
  return join(folder, 'libonnxruntime_providers_cuda.so');
}

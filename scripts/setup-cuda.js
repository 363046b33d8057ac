// Fetches the libraries of ONNX Runtime's CUDA provider beside its binding: npm run setup:cuda
// They are too large for the npm package; onnxruntime-node brings a script that downloads them, which is run only from here.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

function fail(line) {
  console.error(line);
  process.exit(1);
}

if (process.platform !== 'linux' || process.arch !== 'x64') {
  fail('ONNX Runtime offers CUDA on Linux on x64 processors only. Use the device "webgpu" or "cpu".');
}
const installer = createRequire(import.meta.url).resolve('onnxruntime-node/script/install.js');
const { env } = process;
const proxy = env.GLOBAL_AGENT_HTTPS_PROXY ?? env.HTTPS_PROXY ?? env.https_proxy;
const { status, stderr } = spawnSync(process.execPath, [installer], {
  stdio: ['ignore', 'inherit', 'pipe'],
  encoding: 'utf8',
  env: {
    ...env,
    // "true" means every library for this platform; a name of one ("cuda12") is read but then forgotten by the script. It comes
    // before npm's setting onnxruntime-node-install, which skips the download when the package is installed.
    ONNXRUNTIME_NODE_INSTALL: 'true',
    ...(proxy === undefined ? {} : { GLOBAL_AGENT_HTTPS_PROXY: proxy }),
  },
});
const library = join(dirname(installer), '..', 'bin', 'napi-v6', 'linux', 'x64', 'libonnxruntime_providers_cuda.so');
if (status !== 0 || !existsSync(library)) {
  const reason = /^\s*(?:\w*Error): (.*)$/m.exec(stderr)?.[1] ?? stderr.trim().split('\n').at(-1) ?? '';
  fail(
    `The CUDA libraries could not be downloaded (${reason}). Check the network or set HTTPS_PROXY, then run "npm run setup:cuda" again.`,
  );
}
console.log(
  'The CUDA libraries are installed. They need CUDA 12 and cuDNN 9 on this machine; "bracket devices" tells whether they run.',
);

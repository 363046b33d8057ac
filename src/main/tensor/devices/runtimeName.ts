/** What computes the numbers, with its version. Loads the native library, so not for the engine itself. */
export async function runtimeName(): Promise<string> {
  try {
    return `ONNX Runtime ${(await import('./ort')).ortVersion}`;
  } catch {
    // Where its library does not load, only eager devices work.
    return 'TensorFlow.js';
  }
}

/** WebAssembly text, assembled by scripts/watPlugin.js. */
declare module '*.wat' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

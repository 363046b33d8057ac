import bytes from './noise.wat';

/** The steps of noise.wat. They share its memory, so each works on what the one before has left there. */
export interface Noise {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Lays out `count` counters from the given one on; `chain` carries the stream. Returns how many numbers they are good for. */
  readonly counters: (
    count: number,
    width: number,
    place: number,
    datum: number,
    firstDatum: number,
    endDatum: number,
    chain: number,
  ) => number;
  readonly words: (count: number, step: number, key0: number, key1: number) => void;
  readonly uniforms: (count: number) => void;
  readonly normals: (count: number) => void;
  readonly singles: (count: number) => void;
}

/** Node's types leave WebAssembly to those of the browser. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly math: { readonly log: (x: number) => number } },
  ) => { readonly exports: unknown };
};

export const noise = new WebAssembly.Instance(new WebAssembly.Module(bytes), { math: Math }).exports as Noise;

/** How many counters the arrays in its memory hold. They never grow: larger blocks are made piece by piece. */
export const capacity = 1024;

/** Where the steps leave the numbers. */
export const doubles = new Float64Array(noise.memory.buffer, 0xc060, 4 * capacity);
export const singles = new Float32Array(noise.memory.buffer, 0x14080, 4 * capacity);

import * as tf from '@tensorflow/tfjs-core';

interface TapeNode {
  readonly inputs: Readonly<Record<string, tf.Tensor | undefined>>;
  readonly outputs: readonly tf.Tensor[];
  readonly saved: readonly tf.Tensor[];
}

/** The part of tfjs's engine that records ops for a gradient; not in its types. */
interface Recorder {
  readonly state: { readonly activeTape: TapeNode[] };
  addTapeNode(...entry: unknown[]): void;
}

let repaired = false;

/**
 * Makes second-order gradients right for ops whose gradient uses their own result: exp, tanh, sigmoid, softmax, ELU, pow and
 * every tf.customGrad that saves what it returns. tfjs keeps a copy of the result and records that copy before the op that made
 * it. Walking the tape from the input it therefore never meets the copy's origin, and drops that part of the second derivative
 * without a word: the derivative of tanh′ = 1 − y² comes out as zero. Here the op is moved before the copies of its results.
 */
export function repairTape(): void {
  if (repaired) return;
  repaired = true;
  const engine = tf.engine() as unknown as Recorder;
  const record = engine.addTapeNode.bind(engine);
  engine.addTapeNode = (...entry) => {
    record(...entry);
    const tape = engine.state.activeTape;
    const node = tape.pop();
    if (node === undefined) return;
    const made = new Set(node.outputs.map((tensor) => tensor.id));
    const copies = tape.slice(tape.length - node.saved.length);
    const first = copies.findIndex(({ inputs }) =>
      Object.values(inputs).some((x) => x !== undefined && made.has(x.id)),
    );
    tape.splice(first === -1 ? tape.length : tape.length - copies.length + first, 0, node);
  };
}

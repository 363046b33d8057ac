import * as tf from '@tensorflow/tfjs-core';
import { emptyGraph } from './onnx/graph';
import { activeTracer, asTensor } from './trace/backend';
import type { Tracer } from './trace/tracer';

/**
 * Applies `body` to a state `count` times. Eagerly this is a loop; in a traced graph it is one ONNX Loop, whose size does not
 * grow with the count and whose count is an input of each run. Gradients live inside the body; one through the loop is refused,
 * because a traced loop would silently give none.
 * @param count int32 scalar
 * @param state tensors carried from one iteration to the next; their shapes must not change
 */
export function repeat(
  count: tf.Scalar,
  state: readonly tf.Tensor[],
  body: (state: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor[] {
  if ((tf.engine() as unknown as { state: { gradientDepth: number } }).state.gradientDepth > 0) {
    throw new Error('A gradient cannot be taken through a loop. Take it inside the body, or step by step.');
  }
  const tracer = activeTracer();
  if (tracer !== undefined) return traceLoop(tracer, count, state, body);
  let current = [...state];
  const times = count.dataSync()[0] ?? 0;
  for (let iteration = 0; iteration < times; iteration += 1) current = body(current);
  return current;
}

function traceLoop(
  tracer: Tracer,
  count: tf.Scalar,
  state: readonly tf.Tensor[],
  body: (state: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor[] {
  if (tracer.insideLoop) throw new Error('Loops inside loops cannot be traced.');
  const graph = emptyGraph(tracer.fresh('body'));
  const condition = tracer.fresh('condition');
  graph.inputs.push({ name: tracer.fresh('iteration'), type: 'int64', shape: [] });
  graph.inputs.push({ name: condition, type: 'bool', shape: [] });
  const carried = state.map((tensor) => {
    const name = tracer.fresh('carried');
    graph.inputs.push({ name, type: tracer.typeOf(tensor.dtype), shape: tensor.shape });
    return asTensor(tracer.tensor(tensor.shape, tensor.dtype, { shape: tensor.shape, name }));
  });
  tracer.within(graph, () => {
    const next = body(carried);
    // Every output of a body must come from a node of that body.
    graph.outputs.push({ name: tracer.node('Identity', [condition]), type: 'bool', shape: [] });
    state.forEach((tensor, index) => {
      const value = next[index];
      if (value === undefined || value.shape.join() !== tensor.shape.join() || value.dtype !== tensor.dtype) {
        throw new Error(`Entry ${index} of a loop's state changes its shape or type.`);
      }
      graph.outputs.push({
        name: tracer.node('Identity', [tracer.full(value)]),
        type: tracer.typeOf(tensor.dtype),
        shape: tensor.shape,
      });
    });
  });
  const trips = tracer.node('Cast', [tracer.full(count)], { to: { i: 7 } });
  const initial = state.map((tensor) => tracer.full(tensor));
  const finals = tracer.nodes('Loop', [trips, '', ...initial], { body: { graph } }, state.length);
  return state.map((tensor, index) =>
    asTensor(tracer.tensor(tensor.shape, tensor.dtype, { shape: tensor.shape, name: finals[index] as string })),
  );
}

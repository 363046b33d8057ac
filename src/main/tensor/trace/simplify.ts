import type { Graph, Node } from '../onnx/graph';

/** Drops what no output needs and folds bias additions into the products before them. Changes the graph in place. */
export function simplify(graph: Graph): void {
  fuseBiases(graph);
  dropUnused(graph);
}

/** All graphs: the outermost and the bodies of its loops. */
function* graphsOf(graph: Graph): Generator<Graph> {
  yield graph;
  for (const node of graph.nodes) {
    for (const attribute of Object.values(node.attributes)) if ('graph' in attribute) yield* graphsOf(attribute.graph);
  }
}

function bodiesOf(node: Node): Graph[] {
  return Object.values(node.attributes).flatMap((attribute) => ('graph' in attribute ? [attribute.graph] : []));
}

/** Every name that a node reads, those read inside its bodies included. */
function readsOf(node: Node): string[] {
  const inner = bodiesOf(node).flatMap((body) => [...body.nodes.flatMap(readsOf), ...body.outputs.map((o) => o.name)]);
  return [...node.inputs, ...inner];
}

function dropUnused(root: Graph): void {
  const used = new Set<string>();
  const sweep = (graph: Graph): void => {
    for (const output of graph.outputs) used.add(output.name);
    const kept: Node[] = [];
    for (const node of [...graph.nodes].reverse()) {
      if (!node.outputs.some((name) => used.has(name))) continue;
      // A body is swept before its reads are counted, so that dead code in it keeps nothing alive out here.
      for (const body of bodiesOf(node)) sweep(body);
      for (const name of readsOf(node)) used.add(name);
      kept.push(node);
    }
    graph.nodes = kept.reverse();
  };
  sweep(root);
  for (const name of [...root.initializers.keys()]) if (!used.has(name)) root.initializers.delete(name);
}

/** Gemm followed by the addition of a constant row is one Gemm with that row as its third input. */
function fuseBiases(root: Graph): void {
  const rows = new Set([...root.initializers].filter(([, value]) => value.dims.length === 1).map(([name]) => name));
  const readers = new Map<string, number>();
  for (const graph of graphsOf(root)) {
    for (const name of [...graph.nodes.flatMap((node) => node.inputs), ...graph.outputs.map((o) => o.name)]) {
      readers.set(name, (readers.get(name) ?? 0) + 1);
    }
  }
  for (const graph of graphsOf(root)) {
    const producers = new Map(graph.nodes.map((node) => [node.outputs[0], node]));
    const fused = new Map<Node, Node>();
    for (const add of graph.nodes) {
      if (add.op !== 'Add') continue;
      for (const [product, bias] of [add.inputs, [...add.inputs].reverse()]) {
        const gemm = producers.get(product ?? '');
        if (gemm?.op !== 'Gemm' || gemm.inputs.length !== 2 || bias === undefined || !rows.has(bias)) continue;
        if (readers.get(product ?? '') !== 1) continue;
        fused.set(add, { ...gemm, inputs: [...gemm.inputs, bias], outputs: add.outputs });
        break;
      }
    }
    // The product itself loses its only reader and is swept as unused.
    graph.nodes = graph.nodes.map((node) => fused.get(node) ?? node);
  }
}

import type { Graph, Node } from '../onnx/graph';

/** Drops what no output needs and joins nodes that the runtime computes faster as one. Changes the graph in place. */
export function simplify(graph: Graph): void {
  dropUnused(graph);
  fuseFactors(graph);
  fuseBiases(graph);
  nameOutputs(graph);
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

/** How many nodes and outputs read each name, in all graphs. */
function readersOf(root: Graph): Map<string, number> {
  const readers = new Map<string, number>();
  for (const graph of graphsOf(root)) {
    for (const name of [...graph.nodes.flatMap((node) => node.inputs), ...graph.outputs.map((o) => o.name)]) {
      readers.set(name, (readers.get(name) ?? 0) + 1);
    }
  }
  return readers;
}

/** Replaces each node for which `fuse` finds a better one. What the old node alone read is swept as unused. */
function replaceNodes(
  root: Graph,
  fuse: (node: Node, onlyReadHere: (name?: string) => Node | undefined) => Node,
): void {
  const readers = readersOf(root);
  for (const graph of graphsOf(root)) {
    const producers = new Map(graph.nodes.map((node) => [node.outputs[0], node]));
    const producer = (name?: string): Node | undefined =>
      name !== undefined && readers.get(name) === 1 ? producers.get(name) : undefined;
    graph.nodes = graph.nodes.map((node) => fuse(node, producer));
  }
}

/** Gemm followed by a product with a number is one Gemm with that number as its factor, which the format keeps as a single float. */
function fuseFactors(root: Graph): void {
  const numberOf = (name?: string): number | undefined => {
    const value = name === undefined ? undefined : root.initializers.get(name);
    const number = value?.dims.length === 0 ? Number(value.data[0]) : Number.NaN;
    return number === Math.fround(number) ? number : undefined;
  };
  replaceNodes(root, (product, onlyReadHere) => {
    if (product.op !== 'Mul') return product;
    for (const [matrix, factor] of [product.inputs, [...product.inputs].reverse()]) {
      const [gemm, alpha] = [onlyReadHere(matrix), numberOf(factor)];
      if (gemm?.op !== 'Gemm' || gemm.inputs.length !== 2 || alpha === undefined) continue;
      return { ...gemm, attributes: { ...gemm.attributes, alpha: { f: alpha } }, outputs: product.outputs };
    }
    return product;
  });
}

/** Gemm followed by the addition of a row is one Gemm with that row as its third input. */
function fuseBiases(root: Graph): void {
  const rows = new Set(
    [...root.initializers]
      .filter(([, value]) => value.dims.length === 1)
      .map(([name]) => name)
      .concat(root.inputs.filter((value) => value.shape.length === 1).map((value) => value.name)),
  );
  replaceNodes(root, (add, onlyReadHere) => {
    if (add.op !== 'Add') return add;
    for (const [product, bias] of [add.inputs, [...add.inputs].reverse()]) {
      const gemm = onlyReadHere(product);
      if (gemm?.op !== 'Gemm' || gemm.inputs.length !== 2 || bias === undefined || !rows.has(bias)) continue;
      return { ...gemm, inputs: [...gemm.inputs, bias], outputs: add.outputs };
    }
    return add;
  });
}

/**
 * The Identity before each output only gives it its name. Where another node of the same graph made the value, that node takes
 * the name itself: the runtime would keep the Identity as a copy when the value has other readers.
 */
function nameOutputs(root: Graph): void {
  const renamed = new Map<string, string>();
  for (const graph of graphsOf(root)) {
    const outputs = new Set(graph.outputs.map((output) => output.name));
    const made = new Set(graph.nodes.filter((node) => node.op !== 'Identity').flatMap((node) => node.outputs));
    graph.nodes = graph.nodes.filter((node) => {
      const [from, to] = [node.inputs[0] ?? '', node.outputs[0] ?? ''];
      if (node.op !== 'Identity' || !outputs.has(to) || outputs.has(from) || !made.has(from) || renamed.has(from))
        return true;
      renamed.set(from, to);
      return false;
    });
  }
  const current = (name: string): string => renamed.get(name) ?? name;
  for (const graph of graphsOf(root)) {
    graph.nodes = graph.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(current),
      outputs: node.outputs.map(current),
    }));
  }
}

import { PbfWriter } from 'pbf';
import { onnxTypes, type Attribute, type Graph, type Initializer, type Node, type ValueInfo } from './graph';

/** The operator set that every lowering is written against. */
const opset = 18;
const irVersion = 9;

/** Attribute type numbers of AttributeProto. */
const attributeTypes = { f: 1, i: 2, s: 3, graph: 5, ints: 7 } as const;

/** Writes a graph as an ONNX ModelProto (onnx.proto3; field numbers in the calls). */
export function serialise(graph: Graph): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, irVersion);
  pbf.writeStringField(2, 'bracket');
  pbf.writeMessage(7, writeGraph, graph);
  pbf.writeMessage(8, (set: number, out) => out.writeVarintField(2, set), opset);
  return pbf.finish();
}

function writeGraph(graph: Graph, pbf: PbfWriter): void {
  for (const node of graph.nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, graph.name);
  for (const [name, value] of graph.initializers) pbf.writeMessage(5, writeInitializer, { name, value });
  for (const input of graph.inputs) pbf.writeMessage(11, writeValueInfo, input);
  for (const output of graph.outputs) pbf.writeMessage(12, writeValueInfo, output);
}

function writeNode(node: Node, pbf: PbfWriter): void {
  for (const input of node.inputs) pbf.writeStringField(1, input);
  for (const output of node.outputs) pbf.writeStringField(2, output);
  pbf.writeStringField(4, node.op);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    pbf.writeMessage(5, writeAttribute, { name, attribute });
  }
}

function writeAttribute({ name, attribute }: { name: string; attribute: Attribute }, pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  if ('f' in attribute) {
    pbf.writeFloatField(2, attribute.f);
    pbf.writeVarintField(20, attributeTypes.f);
  } else if ('i' in attribute) {
    pbf.writeVarintField(3, attribute.i);
    pbf.writeVarintField(20, attributeTypes.i);
  } else if ('s' in attribute) {
    pbf.writeStringField(4, attribute.s);
    pbf.writeVarintField(20, attributeTypes.s);
  } else if ('graph' in attribute) {
    pbf.writeMessage(6, writeGraph, attribute.graph);
    pbf.writeVarintField(20, attributeTypes.graph);
  } else {
    for (const value of attribute.ints) pbf.writeVarintField(8, value);
    pbf.writeVarintField(20, attributeTypes.ints);
  }
}

function writeInitializer({ name, value }: { name: string; value: Initializer }, pbf: PbfWriter): void {
  for (const extent of value.dims) pbf.writeVarintField(1, extent);
  pbf.writeVarintField(2, onnxTypes[value.type]);
  pbf.writeStringField(8, name);
  const { buffer, byteOffset, byteLength } = value.data;
  pbf.writeBytesField(9, new Uint8Array(buffer, byteOffset, byteLength));
}

function writeValueInfo(info: ValueInfo, pbf: PbfWriter): void {
  pbf.writeStringField(1, info.name);
  pbf.writeMessage(
    2,
    (value: ValueInfo, type) =>
      type.writeMessage(
        1,
        (tensor: ValueInfo, out) => {
          out.writeVarintField(1, onnxTypes[tensor.type]);
          out.writeMessage(2, writeShape, tensor.shape);
        },
        value,
      ),
    info,
  );
}

function writeShape(shape: readonly number[], pbf: PbfWriter): void {
  for (const extent of shape) {
    pbf.writeMessage(1, (value: number, out) => out.writeVarintField(1, value), extent);
  }
}

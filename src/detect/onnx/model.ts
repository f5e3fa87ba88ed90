import type { OnnxNode } from './node.ts';
import { ELEMENT_TYPES, type Tensor } from './tensor.ts';
import { bytesField, integerField, joined, messageField, type Part, textField } from './wire.ts';

/** What goes in or comes out. */
interface ValueInfo {
  name: string;
  type: keyof typeof ELEMENT_TYPES;
  /** Length along each axis; a name where it is open ('rows'). */
  dims: readonly (number | string)[];
}

export interface ModelParts {
  /** Of the graph. */
  name: string;
  /** One text for people: what goes in, what comes out. */
  description: string;
  inputs: readonly ValueInfo[];
  outputs: readonly ValueInfo[];
  /** In an order in which each one's inputs are there before it. */
  nodes: readonly OnnxNode[];
  /** Initialisers: values that nodes refer to by name. */
  tensors: readonly Tensor[];
  metadata: Readonly<Record<string, string>>;
}

/** Versions that runtimes since 2022 read: IR 8, operators 17, operators of classical machine learning 3. */
const IR_VERSION = 8;
const OPERATORS = 17;
const ML_OPERATORS = 3;

/**
 * A whole ONNX file (`ModelProto`).
 *
 * - Purpose: models that other programs can run.
 * - Cost: O(size); allocates a few times the size of the file.
 * - Source: onnx.proto3 of https://github.com/onnx/onnx, whose field numbers stand here.
 *
 * @example
 * model({ name: 'double', description: 'twice x', metadata: {},
 *   inputs: [{ name: 'x', type: 'float', dims: ['rows'] }], outputs: [{ name: 'y', type: 'float', dims: ['rows'] }],
 *   tensors: [tensor('two', [1], Float32Array.of(2))], nodes: [node('Mul', ['x', 'two'], ['y'])] })
 */
export function model(parts: ModelParts): Part {
  const usesMl = parts.nodes.some(({ domain }) => domain !== '');
  return joined([
    integerField(1, IR_VERSION),
    textField(2, 'watchkeeper'),
    textField(6, parts.description),
    messageField(7, graph(parts)),
    operators('', OPERATORS),
    ...(usesMl ? [operators('ai.onnx.ml', ML_OPERATORS)] : []),
    ...Object.entries(parts.metadata).map(([key, value]) =>
      messageField(14, [textField(1, key), textField(2, value)]),
    ),
  ]);
}

function operators(domain: OnnxNode['domain'], version: number): Part {
  return messageField(8, [textField(1, domain), integerField(2, version)]);
}

/** A `GraphProto`. */
function graph({ name, nodes, tensors, inputs, outputs }: ModelParts): Part[] {
  return [
    ...nodes.map(({ bytes }) => bytesField(1, bytes)),
    textField(2, name),
    ...tensors.map(({ bytes }) => bytesField(5, bytes)),
    ...inputs.map(info => messageField(11, valueInfo(info))),
    ...outputs.map(info => messageField(12, valueInfo(info))),
  ];
}

/** A `ValueInfoProto` with its `TypeProto.Tensor`. */
function valueInfo({ name, type, dims }: ValueInfo): Part[] {
  const shape = dims.map(dim =>
    messageField(1, [typeof dim === 'number' ? integerField(1, dim) : textField(2, dim)]),
  );
  const tensorType = messageField(1, [integerField(1, ELEMENT_TYPES[type]), messageField(2, shape)]);
  return [textField(1, name), messageField(2, [tensorType])];
}

import type { Tensor } from './tensor.ts';
import {
  bytesField,
  floatField,
  floatsField,
  integerField,
  integersField,
  joined,
  messageField,
  type Part,
  textField,
} from './wire.ts';

/** A setting of an operator, by its kind: the format tells 1 from 1.0. */
export type Attribute =
  | { int: number }
  | { float: number }
  | { text: string }
  | { tensor: Tensor }
  | { ints: ArrayLike<number> }
  | { floats: Float32Array }
  | { texts: readonly string[] };

/** A `NodeProto`: one operator at work. */
export interface OnnxNode {
  /** '' for the operators of ONNX itself, 'ai.onnx.ml' for those of classical machine learning. */
  domain: '' | 'ai.onnx.ml';
  bytes: Part;
}

/**
 * One operator, between named values.
 *
 * @param inputs,outputs names of values; '' for an optional one that is left out
 * @example node('Gemm', ['x', 'weights', 'bias'], ['y'], { transB: { int: 1 } })
 */
export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Record<string, Attribute> = {},
  domain: OnnxNode['domain'] = '',
): OnnxNode {
  const parts = [
    ...inputs.map(name => textField(1, name)),
    ...outputs.map(name => textField(2, name)),
    textField(4, operator),
    ...Object.entries(attributes).map(([name, value]) => messageField(5, attribute(name, value))),
    textField(7, domain),
  ];
  return { domain, bytes: joined(parts) };
}

/** An `AttributeProto`; its field 20 names the kind again. */
function attribute(name: string, value: Attribute): Part[] {
  const title = textField(1, name);
  if ('float' in value) return [title, floatField(2, value.float), integerField(20, 1)];
  if ('int' in value) return [title, integerField(3, value.int), integerField(20, 2)];
  if ('text' in value) return [title, textField(4, value.text), integerField(20, 3)];
  if ('tensor' in value) return [title, bytesField(5, value.tensor.bytes), integerField(20, 4)];
  if ('floats' in value) return [title, floatsField(7, value.floats), integerField(20, 6)];
  if ('ints' in value) return [title, integersField(8, value.ints), integerField(20, 7)];
  return [title, ...value.texts.map(text => textField(9, text)), integerField(20, 8)];
}

import {
  bytesField,
  integerField,
  integersField,
  joined,
  littleEndian,
  type Part,
  textField,
} from './wire.ts';

/** A `TensorProto`, ready to be put into a graph (an initialiser, under its name) or an attribute. */
export interface Tensor {
  name: string;
  bytes: Part;
}

/** What a tensor's elements can be here, by their number in the format. */
export const ELEMENT_TYPES = { float: 1, int64: 7 } as const;

/**
 * Numbers under a name: the weights of a model.
 *
 * @param dims length along each axis, the last one running fastest in `data`; [] for a single number
 * @example tensor('bias', [1, 2], Float32Array.of(0.5, -0.5))
 */
export function tensor(name: string, dims: readonly number[], data: Float32Array | BigInt64Array): Tensor {
  const size = dims.reduce((product, dim) => product * dim, 1);
  if (size !== data.length) throw new RangeError(`${name}: ${data.length} numbers for [${dims}]`);
  const type = data instanceof Float32Array ? ELEMENT_TYPES.float : ELEMENT_TYPES.int64;
  const bytes = joined([
    integersField(1, dims),
    integerField(2, type),
    textField(8, name),
    bytesField(9, littleEndian(data)),
  ]);
  return { name, bytes };
}

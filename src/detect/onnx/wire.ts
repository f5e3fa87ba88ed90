/**
 * Protocol Buffers, writing only: a message is its fields one after another, each a tag (number and kind) before its bytes.
 *
 * - Purpose: ONNX files without a package for them.
 * - Convention: a `Part` is one field (or several), ready to be joined. Repeated numbers are packed, which every reader of either
 *   version of the format takes. Integers are safe integers, 0 or more.
 * - Source: https://protobuf.dev/programming-guides/encoding/
 */
export type Part = Uint8Array<ArrayBuffer>;

const VARINT = 0;
const BYTES = 2;
const FOUR_BYTES = 5;

export function integerField(field: number, value: number): Part {
  return Uint8Array.from([...varint(field * 8 + VARINT), ...varint(value)]);
}

export function floatField(field: number, value: number): Part {
  return joined([Uint8Array.from(varint(field * 8 + FOUR_BYTES)), littleEndian(Float32Array.of(value))]);
}

export function bytesField(field: number, bytes: Part): Part {
  return joined([Uint8Array.from([...varint(field * 8 + BYTES), ...varint(bytes.length)]), bytes]);
}

export function textField(field: number, text: string): Part {
  return bytesField(field, new TextEncoder().encode(text));
}

export function messageField(field: number, parts: readonly Part[]): Part {
  return bytesField(field, joined(parts));
}

export function integersField(field: number, values: ArrayLike<number>): Part {
  const bytes: number[] = [];
  for (let index = 0; index < values.length; index += 1) bytes.push(...varint(values[index] ?? 0));
  return bytesField(field, Uint8Array.from(bytes));
}

export function floatsField(field: number, values: Float32Array): Part {
  return bytesField(field, littleEndian(values));
}

export function joined(parts: readonly Part[]): Part {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Numbers as they lie in a file, on a machine of either byte order. */
export function littleEndian(values: Float32Array | BigInt64Array): Part {
  const view = new DataView(new ArrayBuffer(values.byteLength));
  values.forEach((value: number | bigint, index: number) => {
    if (typeof value === 'bigint') view.setBigInt64(8 * index, value, true);
    else view.setFloat32(4 * index, value, true);
  });
  return new Uint8Array(view.buffer);
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

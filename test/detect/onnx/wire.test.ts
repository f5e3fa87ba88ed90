import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bytesField,
  floatField,
  floatsField,
  integerField,
  integersField,
  littleEndian,
  messageField,
  textField,
} from '../../../src/detect/onnx/wire.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('fields are those of the examples in the guide to Protocol Buffers', () => {
  assert.equal(hex(integerField(1, 150)), '089601');
  assert.equal(hex(textField(2, 'testing')), '120774657374696e67');
  assert.equal(hex(messageField(3, [integerField(1, 150)])), '1a03089601');
  assert.equal(hex(integersField(6, [3, 270, 86942])), '3206038e029ea705');
});

test('numbers of any size are written', () => {
  assert.equal(hex(integerField(1, 0)), '0800');
  assert.equal(hex(integerField(1, 127)), '087f');
  assert.equal(hex(integerField(20, 1)), 'a00101');
  assert.equal(hex(integerField(1, 2 ** 32)), '088080808010');
  assert.equal(hex(integerField(1, Number.MAX_SAFE_INTEGER)), '08ffffffffffffff0f');
});

test('floats and 64-bit integers begin with their lowest byte', () => {
  assert.equal(hex(floatField(2, 1)), '150000803f');
  assert.equal(hex(floatsField(7, Float32Array.of(1, -2))), '3a080000803f000000c0');
  assert.equal(hex(littleEndian(BigInt64Array.of(1n, -1n))), '0100000000000000ffffffffffffffff');
});

test('a long field says how long it is', () => {
  assert.equal(hex(bytesField(9, new Uint8Array(300)).subarray(0, 3)), '4aac02');
});

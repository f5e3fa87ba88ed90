import assert from 'node:assert/strict';
import { test } from 'node:test';
import { model } from '../../../src/detect/onnx/model.ts';
import { node } from '../../../src/detect/onnx/node.ts';
import { tensor } from '../../../src/detect/onnx/tensor.ts';
import { onnxRuntime } from '../../helpers/onnx-runtime.ts';

const runtime = await onnxRuntime();
const skip = runtime === null ? 'onnxruntime-web is not installed' : false;

const affine = () =>
  model({
    name: 'affine',
    description: 'x times a matrix, and a bias, turned over',
    metadata: { author: 'a test' },
    inputs: [{ name: 'x', type: 'float', dims: ['rows', 2] }],
    outputs: [{ name: 'y', type: 'float', dims: [3, 'rows'] }],
    tensors: [
      tensor('weights', [3, 2], Float32Array.of(1, 2, 3, 4, 5, 6)),
      tensor('bias', [3], Float32Array.of(0.5, 0, -0.5)),
    ],
    nodes: [
      node('Gemm', ['x', 'weights', 'bias'], ['sum'], { transB: { int: 1 }, alpha: { float: 2 } }),
      node('Transpose', ['sum'], ['y'], { perm: { ints: [1, 0] } }),
    ],
  });

test('a runtime reads names, tensors, attributes and open axes', { skip }, async () => {
  const outputs = await runtime?.run(affine(), { x: { dims: [2, 2], data: Float32Array.of(1, 1, 1, -1) } });
  assert.deepEqual(outputs, { y: { dims: [3, 2], data: [6.5, -1.5, 14, -2, 21.5, -2.5] } });
});

test('the same parts make the same bytes', () => assert.deepEqual(affine(), affine()));

test('a tensor has as many numbers as its axes say', () => {
  assert.throws(() => tensor('w', [2, 2], Float32Array.of(1, 2, 3)), /w: 3 numbers for \[2,2\]/);
  assert.doesNotThrow(() => tensor('one', [], Float32Array.of(1)));
});

/**
 * Runs ONNX models in another program's runtime: onnxruntime-web, compiled to WebAssembly, which needs no native part and no network.
 */
export interface OnnxRuntime {
  /**
   * Runs a model once.
   *
   * @param inputs float tensors by the names of the model's inputs
   * @returns the outputs by name, integers as numbers
   */
  run(model: Uint8Array, inputs: Record<string, FloatTensor>): Promise<Record<string, NumberTensor>>;
}

export interface FloatTensor {
  dims: readonly number[];
  data: Float32Array;
}

export interface NumberTensor {
  dims: readonly number[];
  data: number[];
}

/** What is used here of the package. */
interface Package {
  env: { wasm: { numThreads: number } };
  Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => object;
  InferenceSession: {
    create(
      model: Uint8Array,
      options: object,
    ): Promise<{
      run(
        inputs: object,
      ): Promise<Record<string, { dims: readonly number[]; data: ArrayLike<number | bigint> }>>;
      release(): Promise<void>;
    }>;
  };
}

/** Null where the package is not installed. */
export async function onnxRuntime(): Promise<OnnxRuntime | null> {
  const found = whereIs('onnxruntime-web');
  if (found === null) return null;
  const { env, Tensor, InferenceSession }: Package = await import(found);
  env.wasm.numThreads = 1; // no workers, which would have to be ended
  return {
    async run(model, inputs) {
      const session = await InferenceSession.create(model, { executionProviders: ['wasm'] });
      try {
        const tensors = Object.entries(inputs).map(([name, { data, dims }]) => [
          name,
          new Tensor('float32', data, dims),
        ]);
        const results = await session.run(Object.fromEntries(tensors));
        return Object.fromEntries(
          Object.entries(results).map(([name, { dims, data }]) => [
            name,
            { dims, data: Array.from(data, Number) },
          ]),
        );
      } finally {
        await session.release();
      }
    },
  };
}

/** Types are not asked for: the tests are checked where the package is not there, too. */
function whereIs(name: string): string | null {
  try {
    return import.meta.resolve(name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return null;
    throw error;
  }
}

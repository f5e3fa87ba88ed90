/** What would stay behind if the benchmark were interrupted now. */
const cleanups = new Set<() => void>();

/** @returns does the cleaning up, once; whoever calls it has come to an orderly end */
export function cleanedUpAtLast(cleanUp: () => void): () => void {
  const once = (): void => {
    if (cleanups.delete(once)) cleanUp();
  };
  cleanups.add(once);
  return once;
}

/** For the end of this process, orderly or not. */
export function cleanUpAll(): void {
  for (const cleanUp of [...cleanups].reverse()) cleanUp();
}

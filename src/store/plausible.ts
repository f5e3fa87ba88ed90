/** Below this size nothing that JSON can say takes much memory. */
const SMALL_BYTES = 8e6;

const OPEN_LIST = 0x5b;
const OPEN_OBJECT = 0x7b;
const COMMA = 0x2c;

/**
 * Whether a big file can be a list of runs at all, told without parsing it: 100 MB of `[],[],[]` are some GB once parsed, and
 * would end the process. A run takes hundreds of bytes for its three objects, and over five for each of its values.
 *
 * Cost: O(bytes), about 1 ms per MB.
 */
export function isPlausible(content: Uint8Array): boolean {
  if (content.length < SMALL_BYTES) return true;
  let opened = 0;
  let commas = 0;
  for (let index = 0; index < content.length; index += 1) {
    const byte = content[index];
    if (byte === OPEN_LIST || byte === OPEN_OBJECT) opened += 1;
    else if (byte === COMMA) commas += 1;
  }
  return opened < content.length / 24 && commas < content.length / 5;
}

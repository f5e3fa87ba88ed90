import { fileURLToPath } from 'node:url';

/**
 * The value of NODE_OPTIONS that loads the request timing (`preload.cjs`) into a Node child, and into the Node
 * processes that it starts itself. The child's own options are kept, and ours comes first, so that the timing sees
 * what other preloaded modules request.
 *
 * A command under Node's permission model gets its options unchanged: before Node 24 a preloaded file that it may
 * not read would keep it from starting, and from then on it could not write the figures anyway.
 *
 * @param existing NODE_OPTIONS as the child would have it without us
 * @param argv the child's command, where it is known
 */
export function nodeOptionsWithPreload(existing: string | undefined, argv: readonly string[] = []): string {
  const given = existing ?? '';
  const words = [...given.split(/\s+/), ...argv.flatMap(word => word.split(/\s+/))];
  if (words.some(word => /^--(experimental-)?permission$/.test(word))) return given;
  const preload = `--require ${quoted(fileURLToPath(new URL('./preload.cjs', import.meta.url)))}`;
  return given.trim() === '' ? preload : `${preload} ${given}`;
}

/** Node splits NODE_OPTIONS at spaces, but for double quotes, in which a backslash takes the next character as it is. */
function quoted(path: string): string {
  return `"${path.replaceAll(/["\\]/g, '\\$&')}"`;
}

/**
 * Below `node_modules` Node does not take the types out of TypeScript files; an installed package does it for its own. Plain JavaScript,
 * since it has to run first; each thread needs it for itself.
 */
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

/** From here on this thread can import our .ts files wherever they lie. */
export function stripOwnTypes() {
  if (!import.meta.url.includes('/node_modules/')) return;
  quietly(() => stripTypeScriptTypes(''));
  const ours = new URL('../', import.meta.url).href;
  registerHooks({
    load(url, context, next) {
      const isOurs =
        url.startsWith(ours) && url.endsWith('.ts') && !url.slice(ours.length).startsWith('node_modules/');
      if (!isOurs) return next(url, context);
      const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'));
      return { format: 'module', source, shortCircuit: true };
    },
  });
}

/** Node says once, at the first call, that the function may change; the Node that it would change with is pinned. */
function quietly(call) {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  call();
  process.emitWarning = emitWarning;
}

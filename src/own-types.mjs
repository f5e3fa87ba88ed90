/**
 * Below `node_modules` Node does not take the types out of TypeScript files; an installed package does it for its own. Plain JavaScript,
 * since it has to run first; each thread needs it for itself.
 *
 * A package that was packed brings its files with the types taken out already: `npm pack` runs this file as a program, which writes
 * them to `stripped/`. Where npm has packed nothing (an install straight from git), it is done at each start, which takes 0.2 s.
 */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STRIPPED = join(ROOT, 'stripped');

/** From here on this thread can import our .ts files wherever they lie. */
export function stripOwnTypes() {
  if (!import.meta.url.includes('/node_modules/')) return;
  const plainSource = existsSync(STRIPPED) ? writtenBefore : stripper();
  const ours = new URL('../', import.meta.url).href;
  registerHooks({
    load(url, context, next) {
      const isOurs =
        url.startsWith(ours) && url.endsWith('.ts') && !url.slice(ours.length).startsWith('node_modules/');
      if (!isOurs) return next(url, context);
      return { format: 'module', source: plainSource(fileURLToPath(url)), shortCircuit: true };
    },
  });
}

function writtenBefore(path) {
  return readFileSync(strippedPath(path), 'utf8');
}

/** What takes the types out of a file, and leaves all else where it was. Node says once that the function may change: its version is pinned. */
function stripper() {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  stripTypeScriptTypes('');
  process.emitWarning = emitWarning;
  return path => stripTypeScriptTypes(readFileSync(path, 'utf8'));
}

function strippedPath(path) {
  return join(STRIPPED, `${path.slice(ROOT.length, -'.ts'.length)}.js`);
}

function writeStripped() {
  rmSync(STRIPPED, { recursive: true, force: true });
  const plainSource = stripper();
  for (const name of globSync(['supervisor.ts', 'src/**/*.ts'], { cwd: ROOT })) {
    const path = join(ROOT, name);
    mkdirSync(dirname(strippedPath(path)), { recursive: true });
    writeFileSync(strippedPath(path), plainSource(path));
  }
}

if (import.meta.main) writeStripped();

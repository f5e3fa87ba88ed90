/**
 * Which globs may be watched. What the supervisor writes itself must not be among it: each iteration would start the
 * next one. And nothing may make it watch the whole workspace, `data/`, `logs/` or `.git`.
 */

const FORM = 'must be a glob inside of the workspace, such as "data/market/*.json" or "params.json"';
const OWN_FILES = /^(performance\.json|status\.json|anomalies\.log|watchkeeper\.db.*|\.gitignore)$/i;

/** What is wrong with a glob; null where nothing is. */
export function globProblem(glob: string): string | null {
  if (glob.startsWith('/')) return `${FORM}: a path relative to it`;
  if (/(^|[/{,(|])\.\.($|[/},)|])/.test(glob)) return `${FORM}: it leaves the workspace with ".."`;
  const { folder, rest } = split(glob);
  return placeProblem([...folder, ...rest], folder.length);
}

/** The parts of a glob before its first pattern, and from there on. */
export function split(glob: string): { folder: string[]; rest: string[] } {
  const parts = glob.split('/').filter(part => part !== '' && part !== '.');
  const first = parts.findIndex(isPattern);
  const plain = first === -1 ? parts.length : first;
  return { folder: parts.slice(0, plain), rest: parts.slice(plain) };
}

function isPattern(part: string): boolean {
  return /[*?[\]{}()!\\]/.test(part);
}

function placeProblem(parts: string[], plain: number): string | null {
  const [first, second] = parts.map(part => part.toLowerCase());
  if (first === undefined || first === '**') return `${FORM}: it would watch the whole workspace`;
  if (plain === 0 && parts.length > 1) return `${FORM}: it must begin with a folder that is named`;
  if (first === 'logs' || parts.includes('.git')) return `${FORM}: logs/ and .git are never watched`;
  if (first !== 'data') return null;
  if (second === undefined || plain < 2)
    return `${FORM}: of data/ only what lies below a folder or file that is named`;
  return OWN_FILES.test(second) ? `${FORM}: the supervisor writes this file itself` : null;
}

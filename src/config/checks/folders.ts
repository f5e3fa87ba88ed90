import { readlink, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { systemErrorCode } from '../../errors.ts';
import { commandsOf, type Draft, textsOf } from '../draft.ts';
import { globProblem, split } from '../globs.ts';
import type { Finding, Path } from '../problems.ts';

const CWD_FORM = 'must be a folder inside of the workspace, such as "." or "modules"';

/** No system knows longer paths, and the schema has refused them. */
const LONGEST = 4_000;

/** The checks that look at the disk: working directories and watched folders stay inside of the workspace, links followed. */
export async function folderChecks(root: string, draft: Draft): Promise<Finding[]> {
  const look = onceEach(path => whereIs(root, path));
  const findings: (Finding | null)[] = [];
  for (const { path, raw } of commandsOf(draft)) {
    const { cwd, watch } = raw;
    if (typeof cwd === 'string' && cwd !== '' && cwd.length <= LONGEST)
      findings.push(cwdFinding([...path, 'cwd'], await look(cwd)));
    for (const [index, glob] of path[0] === 'modules' ? textsOf(watch) : []) {
      if (glob.length <= LONGEST && globProblem(glob) === null) {
        findings.push(await globFinding([...path, 'watch', index], glob, look));
      }
    }
  }
  return findings.filter(finding => finding !== null);
}

/** Where a path really is: relative to the real workspace; null outside of it, or an error code. */
type Place = { inside: string | null; kind: 'folder' | 'other' | 'missing' } | { code: string };
type Look = (path: string) => Promise<Place>;

function cwdFinding(path: Path, place: Place): Finding | null {
  if ('code' in place) return { path, message: `${CWD_FORM}: it cannot be looked at (${place.code})` };
  if (place.inside === null) return { path, message: `${CWD_FORM}: it leads out of the workspace` };
  if (place.kind === 'other') return { path, message: `${CWD_FORM}: it is not a folder` };
  if (place.kind === 'folder') return null;
  return { path, message: 'does not exist yet: runs fail until it does', warning: true };
}

async function globFinding(path: Path, glob: string, look: Look): Promise<Finding | null> {
  const { folder, rest } = split(glob);
  const place = await look(folder.join('/') || '.');
  if ('code' in place)
    return { path, message: `its folder cannot be looked at (${place.code}): name another` };
  if (place.inside === null)
    return { path, message: 'its folder leads out of the workspace: name one inside of it' };
  const really = globProblem([place.inside, ...rest].filter(part => part !== '').join('/'));
  return really === null ? null : { path, message: `${really} (a link leads there)` };
}

async function whereIs(root: string, path: string): Promise<Place> {
  try {
    const realRoot = await realpath(root);
    const real = await realOf(resolve(root, path));
    const inside = relative(realRoot, real.path);
    const outside = inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
    return { inside: outside ? null : inside, kind: real.exists ? await kindOf(real.path) : 'missing' };
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === null) throw error;
    return { code };
  }
}

async function kindOf(path: string): Promise<'folder' | 'other'> {
  return (await stat(path)).isDirectory() ? 'folder' : 'other';
}

/** The real path; of what does not exist, the place where it would be made. */
async function realOf(path: string): Promise<{ path: string; exists: boolean }> {
  try {
    return { path: await realpath(path), exists: true };
  } catch (error) {
    if (!isMissing(error)) throw error;
    return { path: await futurePlace(path), exists: false };
  }
}

/** From the top down, and no further than the first part that is missing: a hostile path has half a million parts. */
async function futurePlace(path: string): Promise<string> {
  const parts = path.split(sep).filter(part => part !== '');
  let at: string = sep;
  for (const [index, part] of parts.entries()) {
    const next = resolve(at, part);
    const real = await realpath(next).catch(error => (isMissing(error) ? null : Promise.reject(error)));
    if (real === null) {
      const rest = parts.slice(index + 1);
      const target = await linkTarget(next);
      return target === null ? resolve(next, ...rest) : (await realOf(resolve(at, target, ...rest))).path;
    }
    at = real;
  }
  return at; // made just now, while we looked
}

function isMissing(error: unknown): boolean {
  const code = systemErrorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Where a link leads whose target does not exist; null where there is no link. */
async function linkTarget(path: string): Promise<string | null> {
  try {
    return await readlink(path);
  } catch {
    return null; // nothing there, or no link: then it is its own place
  }
}

function onceEach(look: Look): Look {
  const known = new Map<string, Promise<Place>>();
  return path => {
    const place = known.get(path) ?? look(path);
    known.set(path, place);
    return place;
  };
}

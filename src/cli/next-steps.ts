import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { VERSION } from '../version.ts';

/** How this program was called, and from where. */
export interface Caller {
  /** The script that Node was given (`process.argv[1]`), absolute. */
  script: string;
  /** The folder that the person is in; null where it was removed. */
  folder: string | null;
  env: NodeJS.ProcessEnv;
}

/** What to type after `init`, line by line: it works where it is typed, whatever way this program was called. */
export function nextSteps(target: string, caller: Caller): string[] {
  const folder = shortest(target, caller.folder);
  const git = 'git init && git add --all && git commit -m "My pipeline"';
  const why = '# the log is kept in git';
  const wantsGit = !isInRepository(target);
  if (isNpx(caller)) {
    // It finds its package from the folder that it is called in: so one stays there.
    const there = folder === '.' ? '' : ` --root ${quoted(folder)}`;
    const inFolder = folder === '.' ? git : `(cd ${quoted(folder)} && ${git})`;
    return [...(wantsGit ? [why, inFolder] : []), `npx watchkeeper run${there}`, NOTE];
  }
  return [
    ...(folder === '.' ? [] : [`cd ${quoted(folder)}`]),
    ...(wantsGit ? [why, git] : []),
    `${programFrom(target, caller)} run`,
    NOTE,
  ];
}

const NOTE = `# Watchkeeper ${VERSION}; every setting is explained in watchkeeper.yaml`;

/** A file that Node was given; an installed command is a link without an ending. */
const isScript = ({ script }: Caller): boolean => /\.(?:ts|mjs)$/.test(script);

/** npm says so in the environment of what it starts. `npx node supervisor.ts` has a Node that is nowhere else to be found. */
function isNpx({ env }: Caller): boolean {
  return env['npm_command'] === 'exec' || env['npm_lifecycle_event'] === 'npx';
}

function programFrom(target: string, caller: Caller): string {
  if (!isScript(caller)) return 'watchkeeper';
  const script = caller.folder === target ? shortest(caller.script, caller.folder) : caller.script;
  return `node ${quoted(script)}`;
}

/** From the folder that the person is in where that is shorter, else the whole path; never one that looks like an option. */
function shortest(path: string, folder: string | null): string {
  const near = folder === null ? path : relative(folder, path) || '.';
  if (isAbsolute(near) || near.length >= path.length) return path;
  return near.startsWith('-') ? `./${near}` : near;
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function isInRepository(folder: string): boolean {
  if (existsSync(join(folder, '.git'))) return true;
  const above = dirname(folder);
  return above !== folder && isInRepository(above);
}

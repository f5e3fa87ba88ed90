import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type Git, output } from './call.ts';
import { GitFailure } from './failure.ts';

/** The git settings in force at a place, and where they come from. */
export interface Configuration {
  /** The user's own settings, the last one of a name; our own on the command line do not count. Null: without a value. */
  values: ReadonlyMap<string, string | null>;
  /** All files that these settings come from or could come from; null: they cannot all be known. */
  sources: string[] | null;
}

interface Entry {
  scope: string;
  /** The file it stands in; null: none. */
  file: string | null;
  /** Section and name in lower case, as git prints them. */
  name: string;
  value: string | null;
}

/** Reads all settings. `folders`: of the repository, absolute. Rejects with GitFailure. */
export async function readConfiguration(
  git: Git,
  folders: { top: string; gitDir: string; commonDir: string },
): Promise<Configuration> {
  const { stdout } = await output(git, ['config', '--list', '--show-scope', '--show-origin', '-z']);
  const entries = entriesOf(stdout, folders.top).filter(({ scope }) => scope !== 'command');
  const values = new Map(entries.map(({ name, value }) => [name, value]));
  return { values, sources: await sourcesOf(git, entries, folders) };
}

/**
 * Settings that empty every filter that the repository, the user or the system defines. Filters are programs, and git
 * runs them whenever it compares a file with the index, which even writing the index can do ("racy" entries).
 */
export function filtersOff(configuration: Configuration): string[] {
  return filtersWithout(configuration, ['clean=', 'process=', 'required=false']);
}

/** The same for a checkout, in which they run the other way round. */
export function checkoutFiltersOff(configuration: Configuration): string[] {
  return filtersWithout(configuration, ['smudge=', 'clean=', 'process=', 'required=false']);
}

function filtersWithout({ values }: Configuration, settings: readonly string[]): string[] {
  const filters = [...values.keys()].flatMap(name => /^filter\.(.*)\.[^.]+$/s.exec(name)?.[1] ?? []);
  if (filters.some(name => name.includes('='))) {
    throw new GitFailure('a filter with `=` in its name cannot be switched off on the command line');
  }
  return [...new Set(filters)].flatMap(filter => settings.map(setting => `filter.${filter}.${setting}`));
}

/** The listing is `SCOPE NUL ORIGIN NUL NAME [LF VALUE] NUL`, again and again. */
function entriesOf(listing: string, top: string): Entry[] {
  const fields = listing.split('\0');
  return Array.from({ length: Math.floor(fields.length / 3) }, (_, index) => {
    const [scope = '', origin = '', text = ''] = fields.slice(index * 3, index * 3 + 3);
    const end = text.indexOf('\n');
    const file = origin.startsWith('file:') ? resolve(top, origin.slice('file:'.length)) : null;
    return end < 0
      ? { scope, file, name: text, value: null }
      : { scope, file, name: text.slice(0, end), value: text.slice(end + 1) };
  });
}

async function sourcesOf(
  git: Git,
  entries: Entry[],
  { gitDir, commonDir }: { gitDir: string; commonDir: string },
): Promise<string[] | null> {
  const home = process.env['HOME'] || null;
  const system = entries.some(({ scope }) => scope === 'system') ? [] : await systemFile(git);
  const included = entries.map(entry => includedBy(entry, home));
  const named = entries.flatMap(({ file }) => file ?? []);
  if (system === null || included.includes(null)) return null;
  const ofUser = home === null ? [] : [join(home, '.gitconfig'), join(home, '.config', 'git', 'config')];
  const xdg = process.env['XDG_CONFIG_HOME'] || null;
  const other = xdg === null ? [] : [join(xdg, 'git', 'config')];
  const ofRepository = [join(commonDir, 'config'), join(gitDir, 'config.worktree')];
  const all = [
    ...ofUser,
    ...other,
    ...ofRepository,
    ...system,
    ...named,
    ...included.flatMap(files => files ?? []),
  ];
  // A name that is not UTF-8 could not be found again.
  return all.every(path => isAbsolute(path) && !path.includes('\uFFFD')) ? [...new Set(all)] : null;
}

/** Where the settings of the whole system would be: git says it where they are missing. Null: not to be found out. */
async function systemFile(git: Git): Promise<string[] | null> {
  const { stderr } = await git(['config', '--system', '--list']);
  const path = /'(\/.*)'/.exec(stderr)?.[1];
  return path === undefined ? null : [path];
}

/** The file that an entry takes in, now or under its condition; null: it depends on more than files. */
function includedBy({ file, name, value }: Entry, home: string | null): string[] | null {
  const found = /^(?:include|includeif\.(.*))\.path$/s.exec(name);
  if (found === null) return [];
  const condition = found[1] ?? 'gitdir:';
  if (!/^(gitdir(\/i)?|hasconfig):/.test(condition)) return null;
  if (value === null || file === null || /^(~[^/]|%)/.test(value)) return null;
  if (!value.startsWith('~/')) return [resolve(dirname(file), value)];
  return home === null ? null : [join(home, value.slice(2))];
}

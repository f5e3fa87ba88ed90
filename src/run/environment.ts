import type { Command } from '../glossary/settings.ts';

/**
 * What a child sees of the supervisor's environment without being asked for: enough to find programs, its user, a
 * place for temporary files, the language and the time zone. Nothing that could carry a secret or change how a
 * runtime behaves (proxies, tokens, NODE_OPTIONS, PYTHONPATH): those are named in `passEnv`.
 */
const DEFAULT_NAMES = ['HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'PATH'];
const isDefault = (name: string): boolean => DEFAULT_NAMES.includes(name) || name.startsWith('LC_');

/** Where the supervisor itself has no PATH. */
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

/**
 * The whole environment of a child. Later ones win: the default list and `passEnv` from the supervisor's own
 * environment, the command's `env`, what the supervisor says itself.
 *
 * @param own the supervisor's own variables (WATCHKEEPER_...)
 * @param outer the supervisor's environment
 * @param nodeFolder folder of the Node that runs the supervisor: the first entry of the child's PATH
 */
export function childEnvironment(
  command: Pick<Command, 'env' | 'passEnv'>,
  own: Record<string, string>,
  outer: NodeJS.ProcessEnv,
  nodeFolder: string,
): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(outer)) {
    if (value !== undefined && (isDefault(name) || command.passEnv.includes(name))) passed[name] = value;
  }
  const all = { ...passed, ...command.env, ...own };
  return { ...all, PATH: withFirst(nodeFolder, all['PATH'] ?? DEFAULT_PATH) };
}

/** An empty entry means the working folder to the system; it is kept as it is. */
function withFirst(folder: string, path: string): string {
  const plain = (entry: string): string => (entry.length > 1 ? entry.replace(/\/+$/, '') : entry);
  const others = path === '' ? [] : path.split(':').filter(entry => plain(entry) !== plain(folder));
  return [folder, ...others].join(':');
}

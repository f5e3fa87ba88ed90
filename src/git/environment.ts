import type { Mark } from './marked.ts';
import { AUTHOR_EMAIL, AUTHOR_NAME } from './own.ts';

/**
 * Of the supervisor's environment, git sees all but what could point it at another repository, at programs or at
 * a terminal: every GIT_* variable, and the names that git (or simple-git's guard) takes for programs.
 */
const WITHHELD = /^(GIT_.*|EDITOR|VISUAL|PAGER|PREFIX|SSH_ASKPASS|LANG|LANGUAGE|LC_.*)$/i;

/** Our own variables: the only GIT_* ones that git gets. simple-git lets through what is in this list. */
const OURS: Readonly<Record<string, string>> = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  // Reading commands would otherwise write the user's index in passing.
  GIT_OPTIONAL_LOCKS: '0',
  // A partial clone would fetch what it lacks; git before 2.44 knows only the second of these.
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  // Commits are built on what is there, not on what `git replace` shows in its place.
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_AUTHOR_NAME: AUTHOR_NAME,
  GIT_AUTHOR_EMAIL: AUTHOR_EMAIL,
  GIT_COMMITTER_NAME: AUTHOR_NAME,
  GIT_COMMITTER_EMAIL: AUTHOR_EMAIL,
};

export const ALLOWED_VARIABLES: readonly string[] = [
  ...Object.keys(OURS),
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
];

/** The whole environment of one git process. */
export function gitEnvironment(
  inherited: NodeJS.ProcessEnv,
  mark: Mark,
  extra: Record<string, string> = {},
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(inherited)) {
    if (value !== undefined && !WITHHELD.test(name)) kept[name] = value;
  }
  return { ...kept, ...OURS, ...extra, [mark.name]: mark.value };
}

/**
 * Settings for every git process, over those of the repository: no hook, no program that watches files. Signing
 * needs none: `commit-tree` does not sign unless told to. `core.fsync`: a power cut must not leave a branch that
 * points to an empty object.
 */
export const GIT_CONFIG: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.quotePath=true',
  'core.fsync=committed,loose-object',
  'gc.auto=0',
  'i18n.commitEncoding=UTF-8',
];

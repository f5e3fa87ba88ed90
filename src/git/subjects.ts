import { type Git, output, withinTime } from './call.ts';

const TIMEOUT_MS = 10_000;

/** As a run has it: a short hash, `+` after it where files were changed. */
const REVISION = /^([0-9a-f]{4,64})\+?$/;

/**
 * The first lines of the messages of commits, by revision as runs have it. Only reads; two git processes, however many they are. What is
 * not in the repository (any more), is ambiguous there or has no message is left out; so is everything outside git, and where git fails.
 *
 * @param root the workspace, or any folder of the repository
 */
export async function subjectsOf(root: string, revisions: Iterable<string>): Promise<Map<string, string>> {
  const asked = [...new Set(revisions)].filter(revision => REVISION.test(revision));
  if (asked.length === 0) return new Map();
  const read = withinTime(TIMEOUT_MS, root, async git => {
    const hashes = await hashesOf(git(null), asked);
    const subjects = await subjectsOfHashes(git(null), new Set(hashes.values()));
    return new Map(
      [...hashes].flatMap(([revision, hash]) => {
        const subject = subjects.get(hash);
        return subject === undefined ? [] : [[revision, subject] as const];
      }),
    );
  });
  return read.catch(() => new Map()); // a commit without its subject is no less a commit
}

async function hashesOf(git: Git, revisions: readonly string[]): Promise<Map<string, string>> {
  const names = revisions.map(revision => REVISION.exec(revision)?.[1] ?? '');
  const input = names.map(name => `${name}^{commit}\n`).join('');
  const { stdout } = await output(git, ['cat-file', '--batch-check=%(objectname)'], { input });
  const found = stdout.split('\n'); // a line each: `NAME missing`, `NAME ambiguous` where there is none
  return new Map(
    revisions.flatMap((revision, index) => {
      const hash = found[index] ?? '';
      // A branch may have such a name as well, and comes first then.
      const isIt = REVISION.test(hash) && hash.startsWith(names[index] ?? ' ');
      return isIt ? [[revision, hash] as const] : [];
    }),
  );
}

async function subjectsOfHashes(git: Git, hashes: ReadonlySet<string>): Promise<Map<string, string>> {
  if (hashes.size === 0) return new Map();
  // Not `git log`: with log.showSignature that runs gpg.
  const args = ['rev-list', '--no-walk', '--encoding=UTF-8', '--format=%H%x00%s', '--stdin'];
  const { stdout } = await output(git, args, { input: [...hashes].map(hash => `${hash}\n`).join('') });
  const lines = stdout.split('\n').map(line => line.split('\0'));
  return new Map(lines.flatMap(([hash = '', subject]) => (subject ? [[hash, subject]] : [])));
}

import { type Git, output } from './call.ts';
import { filtersOff } from './configuration.ts';
import { AUTHOR_EMAIL, AUTHOR_NAME, TRAILERS } from './own.ts';
import type { Location } from './place.ts';

/** Commits are read in growing portions: the first is nearly always enough, and 10,000 of ours cost one process. */
const FIRST_PORTION = 2;
const PORTION_GROWTH = 1_000;

/** What a commit looks like in a listing, on one line: short name, author, and our trailer (unfolded) if it has one. */
const FORMAT = `%h%x09%an <%ae>%x09%(trailers:key=${TRAILERS.iteration},unfold,valueonly,separator=%x20)`;
const OWN = new RegExp(`^[0-9a-f]+\\t${AUTHOR_NAME} <${AUTHOR_EMAIL}>\\t\\S`);

/** Names what is checked out, and remembers what it has found: walking over the commits of ours is needed once only. */
export class Revisions {
  /** The newest commit that is not ours, as seen from a HEAD. */
  #foreign: { head: string; name: string | null } | null = null;

  /** The name of the newest commit that is not ours, `+` after it where files are changed; null where there is none. */
  async current(git: Git, location: Location): Promise<string | null> {
    const { head, isChanged } = await readWorkState(git, location);
    if (head === null) return null;
    if (this.#foreign?.head !== head) this.#foreign = { head, name: await newestForeign(git, head) };
    const { name } = this.#foreign;
    return name === null ? null : `${name}${isChanged ? '+' : ''}`;
  }

  /** A commit of ours has come on top of HEAD. */
  committed(before: string | null, after: string): void {
    if (this.#foreign?.head === before) this.#foreign.head = after;
  }
}

/** The short name of the newest commit that is not one of the supervisor's own; null where there is none. */
export async function newestForeign(git: Git, head: string): Promise<string | null> {
  let skip = 0;
  for (let portion = FIRST_PORTION; ; portion *= PORTION_GROWTH) {
    const limits = [`--max-count=${portion}`, `--skip=${skip}`];
    // Not `git log`: with log.showSignature that runs gpg.
    const { stdout } = await output(git, ['rev-list', `--format=${FORMAT}`, ...limits, head]);
    const commits = stdout.split('\n').filter(line => line !== '' && !line.startsWith('commit '));
    const foreign = commits.find(line => !OWN.test(line))?.split('\t', 1)[0];
    if (foreign !== undefined) return foreign;
    if (commits.length < portion) return null;
    skip += portion;
  }
}

/** What `git status` says at one moment. */
interface WorkState {
  /** The commit of HEAD; null on a branch without one. */
  head: string | null;
  /** Tracked files outside `data/` and `logs/` of the workspace differ from HEAD, staged or not. */
  isChanged: boolean;
}

/**
 * Looks at the work tree without running any program of the repository: filters are switched off, so that a file
 * under a filter counts as changed once its time or size differs. Submodules are compared by their commit alone.
 */
async function readWorkState(git: Git, { prefix, configuration }: Location): Promise<WorkState> {
  const args = [
    'status',
    '--porcelain=v2',
    '--branch',
    '--no-ahead-behind',
    '--untracked-files=no',
    '--ignore-submodules=dirty',
    '--no-renames',
    '--',
    ':(top)',
    `:(top,literal,exclude)${prefix}data`,
    `:(top,literal,exclude)${prefix}logs`,
  ];
  const lines = (await output(git, args, { config: filtersOff(configuration) })).stdout.split('\n');
  const head = lines.find(line => line.startsWith('# branch.oid '))?.slice('# branch.oid '.length) ?? '';
  return {
    head: /^[0-9a-f]+$/.test(head) ? head : null,
    isChanged: lines.some(line => line !== '' && !line.startsWith('#')),
  };
}

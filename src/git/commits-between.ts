import { firstLine, type Git, output } from './call.ts';
import { hashOf, inRepository, usage } from './in-repository.ts';
import type { Commit } from './named-commit.ts';
import { AUTHOR_EMAIL, AUTHOR_NAME, TRAILERS } from './own.ts';
import type { Location } from './place.ts';

/** More commits than that are a question of a nearer good one. */
const MOST_COMMITS = 10_000;

/** A line of history from one commit to another. */
export interface CommitLine {
  location: Location;
  /** The good one first, the bad one last; those that the supervisor has made are left out. */
  commits: Commit[];
}

/** Hash, short hash, parents, date, author, our own trailer, subject: on one line. */
const FORMAT = `%H%x00%h%x00%P%x00%aI%x00%an%x00%ae%x00%(trailers:key=${TRAILERS.iteration},unfold,valueonly,separator=%x20)%x00%s`;

/**
 * The commits after `good` up to `bad` along first parents: of what a merge brought in only the merge itself. Only reads.
 *
 * @param root the workspace, or any folder of the repository
 * @throws WatchkeeperError 'usage' where there is no such line, 'file' where git fails
 */
export async function commitsBetween(root: string, good: string, bad: string): Promise<CommitLine> {
  return inRepository(root, async (git, location) => {
    const [first, last] = [await hashOf(git, good), await hashOf(git, bad)];
    if (first === last) throw usage(`${good} and ${bad} are the same commit`);
    if (!(await isAncestor(git, first, last))) {
      const isSwapped = await isAncestor(git, last, first);
      throw usage(
        isSwapped
          ? `${bad} is older than ${good}: give the older one as --good, whichever of them is the better one`
          : `${good} is no ancestor of ${bad}: give as --good a commit that ${bad} was built on`,
      );
    }
    const line = await list(git, ['--first-parent', `--max-count=${MOST_COMMITS + 1}`, `^${first}`, last]);
    if (line.length > MOST_COMMITS)
      throw usage(`there are more than ${MOST_COMMITS} commits from ${good} to ${bad}: give a nearer one`);
    if (line.every(({ isOwn }) => isOwn))
      throw usage(
        `from ${good} to ${bad} there are only the supervisor's own commits, which change no module: give an earlier one as --good`,
      );
    const [start] = await list(git, ['--max-count=1', first]);
    const between = line.reverse().filter(({ commit, isOwn }) => !isOwn || commit.hash === last);
    return {
      location,
      commits: [...(start === undefined ? [] : [start]), ...between].map(each => each.commit),
    };
  });
}

/** Where the second parent of a merge left the first one's line; null where that is not known. */
export async function forkOf(root: string, { parents }: Commit): Promise<string | null> {
  const [first, second] = parents;
  if (first === undefined || second === undefined) return null;
  return inRepository(root, async git => {
    const { exitCode, stdout } = await git(['merge-base', first, second]);
    return exitCode === 0 ? firstLine(stdout) : null;
  });
}

async function isAncestor(git: Git, older: string, newer: string): Promise<boolean> {
  return (await git(['merge-base', '--is-ancestor', older, newer])).exitCode === 0;
}

async function list(git: Git, range: string[]): Promise<{ commit: Commit; isOwn: boolean }[]> {
  const { stdout } = await output(git, ['rev-list', `--format=${FORMAT}`, ...range]);
  return stdout
    .split('\n')
    .filter(line => line.includes('\0'))
    .map(parsed);
}

function parsed(line: string): { commit: Commit; isOwn: boolean } {
  const [hash = '', short = '', parents = '', date = '', author = '', email, trailer, subject = ''] =
    line.split('\0');
  const isOwn = author === AUTHOR_NAME && email === AUTHOR_EMAIL && trailer !== '';
  const names = parents.split(' ').filter(name => name !== '');
  return { commit: { hash, short, subject, author, date, parents: names }, isOwn };
}

import { type Git, GitFailure, output } from './call.ts';

/**
 * Settings that empty every filter that the repository, the user or the system defines. Filters are programs, and git
 * runs them whenever it compares a file with the index, which even writing the index can do ("racy" entries).
 */
export async function filtersOff(git: Git): Promise<string[]> {
  const names = (await output(git, ['config', '--list', '--name-only', '-z'])).stdout.split('\0');
  const filters = names.flatMap(name => /^filter\.(.*)\.[^.]+$/s.exec(name)?.[1] ?? []);
  if (filters.some(name => name.includes('='))) {
    throw new GitFailure('a filter with `=` in its name cannot be switched off on the command line');
  }
  return [...new Set(filters)].flatMap(filter => [
    `filter.${filter}.clean=`,
    `filter.${filter}.process=`,
    `filter.${filter}.required=false`,
  ]);
}

/** What marks a commit as the supervisor's own: this author together with this trailer, never one of them alone. */
export const AUTHOR_NAME = 'Watchkeeper';
export const AUTHOR_EMAIL = 'watchkeeper@localhost';

export const TRAILERS = {
  iteration: 'Watchkeeper-Iteration',
  status: 'Watchkeeper-Status',
  modules: 'Watchkeeper-Modules',
} as const;

/** The files that are committed, relative to the workspace. */
export const COMMITTED_FILES: readonly string[] = [
  'data/performance.json',
  'data/status.json',
  'data/anomalies.log',
];

import { isDeepStrictEqual } from 'node:util';
import type { Reporter } from '../glossary/reporter.ts';
import type { GitSettings } from '../glossary/settings.ts';
import { openRepository, type Repository } from './repository.ts';

/** The repository around the workspace, opened anew when its settings have changed. */
export function currentRepository(
  root: string,
  { warn, info }: Pick<Reporter, 'warn' | 'info'>,
): { with(settings: GitSettings): Repository; close(): Promise<void> } {
  let open: { settings: GitSettings; repository: Repository } | null = null;
  let closing: Promise<unknown> = Promise.resolve();
  return {
    with(settings) {
      if (open !== null && isDeepStrictEqual(open.settings, settings)) return open.repository;
      closing = Promise.all([closing, open?.repository.close()]);
      open = { settings, repository: openRepository(root, { settings, warn, info }) };
      return open.repository;
    },
    async close() {
      await Promise.all([closing, open?.repository.close()]);
    },
  };
}

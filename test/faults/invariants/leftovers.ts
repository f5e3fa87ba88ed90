import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../helpers/until.ts';
import type { Workspace } from '../../helpers/workspace.ts';

/** A process that has just been killed is still in the list for a moment. */
const PROCESSES_MS = 10_000;

/** Nothing is left of a supervisor that has ended in order. */
export async function leftoverProblems(workspace: Workspace): Promise<string[]> {
  const data = workspace.path('data');
  await until('its processes have ended', () => processesOf(workspace).length === 0, PROCESSES_MS).catch(
    () => undefined, // told below
  );
  return [
    ...processesOf(workspace).map(what => `still running: ${what}`),
    ...namesIn(data)
      .filter(name => /\.tmp$|^watchkeeper\.lock$|\.suspect$/.test(name))
      .map(name => `left: data/${name}`),
    ...namesIn(join(data, 'runs')).map(name => `left: data/runs/${name}`),
    ...namesBelow(workspace.path('.git'))
      .filter(name => /\.lock$|^watchkeeper\/.*\/index-/.test(name))
      .map(name => `left: .git/${name}`),
  ];
}

/** What modules and services of this workspace still run: they carry its data folder in their environment. */
export function processesOf(workspace: Workspace): string[] {
  const mark = `\0WATCHKEEPER_DATA_DIR=${workspace.path('data')}\0`;
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        if (!`\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`.includes(mark)) return [];
        return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')}`];
      } catch {
        return []; // ended while we looked, or not ours to look at
      }
    });
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function namesBelow(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
}

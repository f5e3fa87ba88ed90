import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface NodeProgram {
  path: string;
  version: string;
}

/** The Node of the tests, and every other one from 18 on that is on the PATH: one of each version. */
export function nodePrograms(): NodeProgram[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const paths = folders.map(folder => join(folder, 'node')).filter(path => existsSync(path));
  const programs = [process.execPath, ...paths.map(path => realpathSync(path))].map(versionOf);
  const fit = programs.filter(({ version }) => Number.parseInt(version.slice(1), 10) >= 18);
  return fit.filter((one, index) => fit.findIndex(({ version }) => version === one.version) === index);
}

function versionOf(path: string): NodeProgram {
  return { path, version: execFileSync(path, ['--version'], { encoding: 'utf8' }).trim() };
}

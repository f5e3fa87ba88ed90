import type { TestContext } from 'node:test';
import { settingsFrom } from '../../src/config/load.ts';
import { formatProblems, type Loaded, type Problem } from '../../src/config/problems.ts';
import type { ModuleSettings, Settings } from '../../src/glossary/settings.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

/** What becomes of the text of a `watchkeeper.yaml`, in an empty workspace unless one is named. */
export async function loaded(t: TestContext, text: string, root = temporaryFolder(t)): Promise<Loaded> {
  return settingsFrom(root, { text });
}

export async function settings(t: TestContext, text: string, root?: string): Promise<Settings> {
  const result = await loaded(t, text, root);
  if (!result.ok) throw new Error(formatProblems('watchkeeper.yaml', result.problems));
  return result.settings;
}

/** The one module of a file that gives these lines, in flow style, beside its command. */
export async function moduleWith(t: TestContext, keys: string): Promise<ModuleSettings> {
  const [module] = (await settings(t, `modules: {a: {command: x, ${keys}}}`)).modules;
  if (module === undefined) throw new Error('no module');
  return module;
}

export async function problems(t: TestContext, text: string, root?: string): Promise<Problem[]> {
  const result = await loaded(t, text, root);
  return result.ok ? [] : result.problems;
}

/** The problems as a person reads them, one a line. */
export async function told(t: TestContext, text: string, root?: string): Promise<string[]> {
  return (await problems(t, text, root)).map(problem => formatProblems('f', [problem]));
}

import type * as z from 'zod';
import { crossChecks } from './checks/checks.ts';
import { folderChecks } from './checks/folders.ts';
import { type Draft, draftOf } from './draft.ts';
import { type Finding, type Loaded, type Path, type Problem, pathText, tidied } from './problems.ts';
import { settingsSchema } from './schema.ts';
import { toSettings } from './settings.ts';
import { readSource, type Source } from './source.ts';
import { readYaml, type YamlFile } from './yaml.ts';

/**
 * Reads and checks the `watchkeeper.yaml` of a workspace. Whatever is wrong with it, a missing file included, comes back as
 * problems, all of them at once; it throws only for faults of our own.
 */
export async function loadSettings(root: string): Promise<Loaded> {
  return settingsFrom(root, await readSource(root));
}

/** Like `loadSettings`, of a file that has been read. */
export function settingsFrom(root: string, source: Source): Promise<Loaded> {
  return loadedFrom(root, source, draft => otherFindings(root, draft));
}

/** Like `settingsFrom`, for somebody who runs nothing: each key is checked by itself alone, and there need be no module. */
export function partsFrom(root: string, source: Source): Promise<Loaded> {
  return loadedFrom(root, source, async () => []);
}

async function loadedFrom(
  root: string,
  source: Source,
  others: (draft: Draft) => Promise<Finding[]>,
): Promise<Loaded> {
  if ('problem' in source) return { ok: false, problems: [source.problem] };
  const file = readYaml(source.text);
  const syntax = file.problems.map(({ path, line, message }) => ({ path: pathText(path), line, message }));
  if (!file.usable) return { ok: false, problems: tidied(syntax) };

  const draft = draftOf(file.value);
  const checked = settingsSchema.safeParse(file.value ?? Object.create(null), FORM);
  const found = [...schemaFindings(checked.error), ...(await others(draft))];
  const located = found.map(finding => ({
    warning: finding.warning === true,
    problem: locate(file, finding),
  }));
  const broken = new Set(syntax.map(({ path }) => path)); // what cannot be read is not also of the wrong form
  const problems = located.filter(({ warning, problem }) => !warning && !broken.has(problem.path));
  const all = [...syntax, ...problems.map(({ problem }) => problem)];
  if (all.length > 0 || !checked.success) return { ok: false, problems: tidied(all) };

  const warnings = tidied(located.map(({ problem }) => problem));
  return { ok: true, settings: toSettings(root, checked.data), warnings };
}

/**
 * The words are said of nothing: each schema has its own. The library's own would ask any value for its class's name, and fail over some.
 * A file is checked once in a process: to compile code for that (`jit`) takes twice as long as the check without.
 */
const FORM = { error: () => 'is not of the accepted form', jitless: true };

async function otherFindings(root: string, draft: Draft): Promise<Finding[]> {
  return [...crossChecks(draft), ...(await folderChecks(root, draft))];
}

function schemaFindings(error: z.ZodError | undefined): Finding[] {
  return (error?.issues ?? []).flatMap(issue => {
    const path = issue.path.map(part => (typeof part === 'symbol' ? String(part) : part));
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
    const messages = issue.message.split('\n'); // one a key, see `mapping`
    return issue.keys.map((key, index) => unknownKey(path, key, messages[index] ?? issue.message));
  });
}

function unknownKey(path: Path, key: string, message: string): Finding {
  return { path: [...path, key], message };
}

function locate(file: YamlFile, { path, at, message }: Finding): Problem {
  return { path: pathText(path), line: file.lineOf(at ?? path), message };
}

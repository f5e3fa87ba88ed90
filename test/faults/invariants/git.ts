import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gitEnvironment, type Workspace } from '../../helpers/workspace.ts';
import { runsOfPerformance } from './files.ts';
import type { StoreContent } from './store.ts';

const FILES = ['data/anomalies.log', 'data/performance.json', 'data/status.json'];

/** The user's files and what git says of them. */
export interface UserWork {
  files: Record<string, string>;
  status: string;
  changing: string[];
}

interface Committed {
  hash: string;
  performance: string;
}

export function userWork(workspace: Workspace, changing: string[]): UserWork {
  return { files: filesOf(workspace.root, changing), status: statusOf(workspace, changing), changing };
}

export function userProblems(workspace: Workspace, before: UserWork): string[] {
  const now = userWork(workspace, before.changing);
  const names = new Set([...Object.keys(before.files), ...Object.keys(now.files)]);
  const touched = [...names].filter(name => before.files[name] !== now.files[name]);
  return [
    ...touched.map(name => `${name}, a file of the user's, was changed`),
    ...(before.status === now.status ? [] : [`git status was ${before.status}, it is ${now.status}`]),
  ];
}

/** Our commits that are not known yet, oldest first, with the performance.json of each. */
export function commitsOf(workspace: Workspace, known: Set<string>): Committed[] {
  if (!isRepository(workspace)) return [];
  const hashes = words(workspace.git('rev-list', '--reverse', '--author=Watchkeeper', 'HEAD'));
  const fresh = hashes.filter(hash => !known.has(hash));
  const texts = contents(
    workspace,
    fresh.map(hash => `${hash}:data/performance.json`),
  );
  return fresh.map((hash, index) => ({ hash, performance: texts[index] ?? '' }));
}

/** @param heard commits that a supervisor's output has named */
export function gitProblems(workspace: Workspace, store: StoreContent, heard: string[]): string[] {
  if (!isRepository(workspace)) return [];
  const hashes = words(workspace.git('rev-list', '--reverse', '--author=Watchkeeper', 'HEAD'));
  const log = store.events.map(line => `${line}\n`).join('');
  const merges = workspace.git('rev-list', '--min-parents=2', 'HEAD').trim();
  return [
    ...(merges === '' ? [] : ['the history is not linear']),
    ...iterationProblems(workspace),
    ...words(workspace.git('log', '--author=Watchkeeper', '--format=', '--name-only'))
      .filter(name => !FILES.includes(name))
      .map(name => `a commit of ours holds ${name}`),
    ...heard
      .filter(sha => !hashes.some(hash => hash.startsWith(sha)))
      .map(sha => `commit ${sha} was shown and is lost`),
    ...piecesOf(hashes).flatMap(piece => contentProblems(workspace, store, log, piece)),
    ...fsckProblems(workspace),
  ];
}

/** Commits whose files are held at a time: after an hour of ten modules a second all of them together are gigabytes. */
const PIECE = 50;

function piecesOf(hashes: string[]): string[][] {
  const count = Math.ceil(hashes.length / PIECE);
  return Array.from({ length: count }, (_, piece) => hashes.slice(piece * PIECE, (piece + 1) * PIECE));
}

/** @param log the lines of all events of the store */
function contentProblems(workspace: Workspace, store: StoreContent, log: string, hashes: string[]): string[] {
  const files = (name: string): string[] =>
    contents(
      workspace,
      hashes.map(hash => `${hash}:data/${name}`),
    );
  const [performances, logs] = [files('performance.json'), files('anomalies.log')];
  return hashes.flatMap((hash, index) => {
    const runs = runsOfPerformance(performances[index] ?? '');
    const lost = [...runs].filter(([id, text]) => store.runs.get(id)?.text !== text);
    return [
      ...(runs.size === 0 ? [`commit ${hash} holds no readable performance.json`] : []),
      ...lost.map(([id]) => `commit ${hash} holds run ${id}, which has not stayed so`),
      ...(log.startsWith(logs[index] ?? '') ? [] : [`commit ${hash} holds lines that anomalies.log has not`]),
    ];
  });
}

function iterationProblems(workspace: Workspace): string[] {
  const format = '--format=%(trailers:key=Watchkeeper-Iteration,valueonly,separator=)%x09%s';
  const lines = workspace
    .git('log', '--reverse', '--author=Watchkeeper', format)
    .trim()
    .split('\n')
    .filter(Boolean);
  const numbers = lines.map(line => Number.parseInt(line, 10));
  // Iterations overlap, and one that ends later is committed later: their order says nothing.
  const good = numbers.every(number => number > 0) && new Set(numbers).size === numbers.length;
  const subject = /^\d+\t(Performance OK|Anomaly|Module failed)/;
  return [
    ...(good ? [] : [`the iterations of the commits are ${numbers.join(', ')}`]),
    ...lines.filter(line => !subject.test(line)).map(line => `a commit says '${line}'`),
  ];
}

function fsckProblems(workspace: Workspace): string[] {
  try {
    workspace.git('fsck', '--full', '--strict', '--no-dangling', '--no-progress');
    return [];
  } catch (error) {
    return [`git fsck: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** What git holds under these names, all read by one process. */
function contents(workspace: Workspace, names: string[]): string[] {
  if (names.length === 0) return [];
  const output = execFileSync('git', ['cat-file', '--batch'], {
    cwd: workspace.root,
    env: gitEnvironment(),
    input: names.map(name => `${name}\n`).join(''),
    maxBuffer: 2 ** 30,
  });
  let at = 0;
  return names.map(() => {
    const end = output.indexOf(10, at);
    const size = Number(output.toString('latin1', at, end).split(' ')[2]);
    at = end + 1;
    if (!Number.isInteger(size)) return '';
    const text = output.toString('utf8', at, at + size);
    at += size + 1;
    return text;
  });
}

function isRepository(workspace: Workspace): boolean {
  try {
    workspace.git('rev-parse', '--verify', '--quiet', 'HEAD');
    return true;
  } catch {
    return false; // no repository, or none with a commit: nothing to be wrong
  }
}

function statusOf(workspace: Workspace, changing: string[]): string {
  if (!isRepository(workspace)) return '';
  const lines = workspace.git('status', '--porcelain', '--untracked-files=all').split('\n').filter(Boolean);
  const own = (name: string): boolean => /^(data|logs)\//.test(name) || changing.includes(name);
  return lines.filter(line => !own(line.slice(3))).join(', ');
}

function filesOf(root: string, changing: string[]): Record<string, string> {
  const skip = ['.git', 'data', 'logs', ...changing];
  const found: Record<string, string> = {};
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const name = relative(root, join(entry.parentPath, entry.name));
    if (!entry.isFile() || skip.some(part => name === part || name.startsWith(`${part}/`))) continue;
    found[name] = createHash('sha256')
      .update(readFileSync(join(root, name)))
      .digest('hex');
  }
  return found;
}

function words(text: string): string[] {
  return text.split('\n').filter(Boolean);
}

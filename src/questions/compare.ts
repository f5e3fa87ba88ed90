import { type Group, type Ranking, rankingOf } from '../comparison/ranking.ts';
import { WatchkeeperError } from '../errors.ts';
import type { Run } from '../glossary/run.ts';
import type { HistoryReader } from '../history-reader.ts';
import { valueIn } from '../judge/values.ts';
import { modulesAsked } from './module-metrics.ts';

/** What makes the groups: whole modules, or the runs of one by the revision or by a label that they had. */
export type By = 'module' | 'revision' | { label: string };

export interface CompareQuestion {
  /** With `module`: the modules that are compared (default: all); else the one module whose runs are. */
  modules?: readonly string[];
  /** Default: module. */
  by?: By;
  /** Default: runtimeSeconds. */
  metric?: string;
  /** So many of the newest successful runs of each module. Default: 200. */
  runs?: number;
}

export interface CompareAnswer extends Ranking {
  metric: string;
  by: string;
  /** Groups that were seen before these, and are too many to be told from one another. */
  leftOut: number;
}

const DEFAULT_RUNS = 200;

/** More groups cannot be told from one another. */
const MOST_GROUPS = 12;

/** Each is compared with each. */
const MOST_MODULES = 30;

/**
 * Which of several groups of runs is best in a metric, by how much, and which differences are more than chance.
 *
 * @throws WatchkeeperError 'usage' where a module has no runs, or there are not two groups
 */
export function compare(reader: HistoryReader, question: CompareQuestion): CompareAnswer {
  const { by = 'module', metric = 'runtimeSeconds' } = question;
  const found =
    by === 'module' ? ofModules(reader, question, metric) : ofOneModule(reader, question, by, metric);
  if (found.length < 2) throw new WatchkeeperError('usage', tooFew(found, by, metric));
  const groups = by === 'module' ? found : found.slice(-MOST_GROUPS);
  return {
    ...{ metric, by: typeof by === 'string' ? by : `label ${by.label}` },
    ...rankingOf(groups, { metric }),
    leftOut: found.length - groups.length,
  };
}

function ofModules(
  reader: HistoryReader,
  { modules = reader.moduleNames(), runs = DEFAULT_RUNS }: CompareQuestion,
  metric: string,
): Group[] {
  const names = [...new Set(modules)].flatMap(module => modulesAsked(reader, module));
  if (names.length > MOST_MODULES)
    throw new WatchkeeperError(
      'usage',
      `${names.length} modules are too many to compare each with each: name at most ${MOST_MODULES} of them`,
    );
  return names
    .map(name => ({ name, values: reader.values(name, metric, { newest: runs }).map(({ value }) => value) }))
    .filter(({ values }) => values.length > 0);
}

/** In the order in which they were last seen. */
function ofOneModule(
  reader: HistoryReader,
  { modules = [], runs = DEFAULT_RUNS }: CompareQuestion,
  by: Exclude<By, 'module'>,
  metric: string,
): Group[] {
  const [module, ...more] = modules;
  if (module === undefined || more.length > 0)
    throw new WatchkeeperError('usage', 'name one module whose runs are compared with one another');
  modulesAsked(reader, module);
  const groups = new Map<string, number[]>();
  for (const run of reader.goodRuns(module, runs)) {
    const [name, value] = [groupOf(run, by), valueIn(run, metric)];
    if (name === null || value === null) continue;
    const values = groups.get(name) ?? [];
    groups.delete(name);
    groups.set(name, [...values, value]);
  }
  return [...groups].map(([name, values]) => ({ name, values }));
}

function groupOf({ revision, labels }: Run, by: Exclude<By, 'module'>): string | null {
  if (by === 'revision') return revision;
  return Object.hasOwn(labels, by.label) ? (labels[by.label] ?? null) : null;
}

function tooFew(groups: readonly Group[], by: By, metric: string): string {
  const kind =
    by === 'module' ? 'modules' : by === 'revision' ? 'revisions' : `values of the label ${by.label}`;
  const found = groups.length === 0 ? 'there is none' : `there is only ${groups[0]?.name}`;
  const advice = by === 'module' ? 'compare another metric, or one module by revision' : 'look at more runs';
  return `two ${kind} with values of ${metric} are needed, and ${found}: ${advice}`;
}

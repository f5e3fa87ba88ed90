import assert from 'node:assert/strict';
import { type CommitPlan, planCommit } from '../../src/git/plan.ts';
import { type CommitOutcome, openRepository, type Repository } from '../../src/git/repository.ts';
import type { AnomalyEvent } from '../../src/glossary/event.ts';
import type { Run } from '../../src/glossary/run.ts';
import type { GitSettings } from '../../src/glossary/settings.ts';
import { NOTHING_FURTHER } from '../helpers/further.ts';
import type { Workspace } from '../helpers/workspace.ts';

// No test may depend on the git settings of whoever runs it.
process.env['HOME'] = '/nonexistent';
delete process.env['XDG_CONFIG_HOME'];

export const FILES = ['data/performance.json', 'data/status.json', 'data/anomalies.log'];

export const SETTINGS: GitSettings = {
  enabled: true,
  commitOn: ['ok', 'recovered', 'persisted'],
  okEveryMs: 0,
  ref: 'current',
};

export interface Told extends Repository {
  warnings: string[];
  infos: string[];
}

/** A repository that keeps what it told the user. */
export function open(
  workspace: Workspace,
  settings: Partial<GitSettings> = {},
  options: { timeoutMs?: number } = {},
): Told {
  const warnings: string[] = [];
  const infos: string[] = [];
  const repository = openRepository(workspace.root, {
    settings: { ...SETTINGS, ...settings },
    warn: message => warnings.push(message),
    info: message => infos.push(message),
    ...options,
  });
  return {
    warnings,
    infos,
    revision: () => repository.revision(),
    commit: (plan, files) => repository.commit(plan, files),
    close: () => repository.close(),
  };
}

/** New contents of the three files, different for each iteration. */
export function writeData(workspace: Workspace, iteration: number): void {
  workspace.write('data/performance.json', `{"iteration":${iteration}}\n`);
  workspace.write('data/status.json', `{"message":"Performance OK","iterations":${iteration}}\n`);
  workspace.write('data/anomalies.log', `{"line":1}\n{"iteration":${iteration}}\n`);
}

export function planOf(iteration: number): CommitPlan {
  const plan = planCommit({
    settings: SETTINGS,
    iteration,
    runs: [run({ iteration })],
    events: [],
    openIncidents: [],
    lastOkCommitMs: null,
    nowMs: 0,
  });
  assert.ok(plan);
  return plan;
}

/** Writes new data and commits it; fails unless it was committed. */
export async function commitData(
  workspace: Workspace,
  repository: Repository,
  iteration: number,
): Promise<string> {
  writeData(workspace, iteration);
  return committed(await repository.commit(planOf(iteration)));
}

export function committed(outcome: CommitOutcome): string {
  assert.equal(outcome.kind, 'committed', JSON.stringify(outcome));
  return outcome.kind === 'committed' ? outcome.sha : '';
}

/** The files that a commit changes, seen from its first parent, sorted. */
export function filesOf(workspace: Workspace, commit: string): string[] {
  const text = workspace.git('show', '--format=', '--name-only', '--first-parent', '-m', '-z', commit);
  return text
    .split('\0')
    .filter(name => name !== '')
    .sort();
}

/** All that the user can see of what is staged and changed. */
export function userState(workspace: Workspace): string {
  return [
    workspace.git('status', '--porcelain=v2', '--untracked-files=all'),
    workspace.git('diff', '--cached', '--binary'),
    workspace.git('diff', '--binary'),
    workspace.git('ls-files', '--stage', '-v'),
  ].join('\n====\n');
}

export function run(values: Partial<Run> = {}): Run {
  return {
    id: '01JD0000000000000000000000',
    module: 'collector',
    iteration: 42,
    trigger: 'schedule',
    attempt: 1,
    startedAt: '2026-11-20T12:00:00.010Z',
    endedAt: '2026-11-20T12:00:00.440Z',
    outcome: 'ok',
    exitCode: 0,
    signal: null,
    runtimeSeconds: 0.43,
    cpuSeconds: 0.306,
    cpuPercent: 71.2,
    memoryMb: 62.1,
    apiLatencySeconds: 0.063,
    api: { count: 12, errors: 0, p95: 0.08, max: 0.09 },
    ...NOTHING_FURTHER,
    custom: {},
    revision: '9fceb02',
    reason: null,
    ...values,
  };
}

export function event(values: Partial<AnomalyEvent> = {}): AnomalyEvent {
  const { module = 'collector', metric = 'runtimeSeconds', event: kind = 'recovered' } = values;
  return {
    time: '2026-11-20T12:00:00.440Z',
    event: kind,
    message: `Anomaly ${kind}: ${module} - ${metric}`,
    module,
    metric,
    value: 0.43,
    baseline: 0.43,
    deviationPercent: 0,
    thresholdPercent: 25,
    direction: 'above',
    run: '01JD0000000000000000000000',
    iteration: 42,
    incident: '01JD0000000000000000000001',
    runsOpen: 2,
    ...values,
  };
}

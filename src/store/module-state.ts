import type { ModuleState } from '../glossary/judgement.ts';
import { isObject } from '../json.ts';
import type { Database } from './database.ts';
import { parseRecord } from './database-errors.ts';

/** What the judge remembers of a module; `{}` for an unknown one. */
export function stateOf(database: Database, module: string): ModuleState {
  const found = database.one<{ state: string }>('SELECT state FROM modules WHERE name = ?', module);
  return found === null ? {} : parseRecord<ModuleState>(database.path, found.state, isModuleState);
}

/** Inside a transaction, of a module that has a row (see `addCounts`). */
export function setState(database: Database, module: string, state: ModuleState): void {
  database.run('UPDATE modules SET state = ? WHERE name = ?', JSON.stringify(state), module);
}

/** Whether the judge can go on from it: what it would stumble over must be met here. */
export function isModuleState(value: unknown): value is ModuleState {
  return isObject(value) && Object.values(value).every(isMetricState);
}

function isMetricState(value: unknown): boolean {
  if (!isObject(value) || !isNumbers(value['recent'])) return false;
  const { incident } = value;
  return incident === null || (isObject(incident) && isNumbers(incident['values']));
}

function isNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.every(each => typeof each === 'number');
}

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Store } from '../../src/store/store.ts';
import { assertFinite } from '../questions/histories.ts';
import { aStore } from '../store/fixtures.ts';
import { type Called, call } from './called.ts';

const YAML = `git: { enabled: false }
modules:
  collector: { command: "true", timeout: 1m }
  other: { command: "true" }
detection: { modules: { other: { floors: { runtimeSeconds: 10 } } } }
`;

export interface AskedWorkspace {
  root: string;
  data: string;
  store: Store;
  /** Runs one command line over it. */
  ask(...argv: string[]): Promise<Called>;
}

/** A workspace to record a history in and to ask; closed and gone after the test. */
export function workspaceToAsk(t: TestContext, yaml = YAML): AskedWorkspace {
  const { store, data } = aStore(t);
  const root = dirname(data);
  writeFileSync(join(root, 'watchkeeper.yaml'), yaml);
  return { root, data, store, ask: (...argv) => call(...argv, '--root', root) };
}

/** Standard output of a command that is to succeed without a word beside. */
export async function answered(asking: Promise<Called>): Promise<string> {
  const { code, stdout, stderr } = await asking;
  assert.deepEqual([code, stderr], [0, '']);
  return stdout;
}

/** The document that `--json` prints: one, and with numbers where there are values. */
export function documentOf<Answer>({ stdout }: Pick<Called, 'stdout'>): Answer {
  const answer: Answer = JSON.parse(stdout);
  assertFinite(answer);
  return answer;
}

/** A command that is refused: nothing on standard output, and a message that fits. */
export async function refused(asking: Promise<Called>, message: RegExp, exit = 2): Promise<void> {
  const { code, stdout, stderr } = await asking;
  assert.deepEqual([code, stdout], [exit, ''], stderr);
  assert.match(stderr, message);
  assert.match(stderr, /^watchkeeper: /);
}

import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { COMMITTED_FILES } from '../../src/git/own.ts';
import { gitEnvironment } from '../helpers/workspace.ts';
import type { Step } from './closing-laps.ts';
import { timed } from './samples.ts';

const execute = promisify(execFile);

/** The least that has to be done for each step: the same bytes to the same disk, the same files by plain git. */
export class BareClosing {
  readonly #root: string;
  readonly #folder: string;

  /** @param root the workspace; works in a folder of its own inside its `.git` */
  constructor(root: string) {
    this.#root = root;
    this.#folder = join(root, '.git', 'bare-closing');
    mkdirSync(join(this.#folder, 'data'), { recursive: true });
  }

  async open(): Promise<void> {
    await this.#git('init', '--quiet');
  }

  /** Milliseconds of each step. @param transactions how many times the store is made durable */
  async close(bytes: Record<Step, number>, transactions: number): Promise<Record<Step, number>> {
    return {
      store: await timed(() => this.#appendTimes(bytes.store / transactions, transactions)),
      'performance.json': await timed(() => this.#replace(bytes['performance.json'])),
      'anomalies.log': await timed(() => this.#appendTimes(bytes['anomalies.log'], 1)),
      'status.json': await timed(() => this.#replace(bytes['status.json'])),
      'git commit': await this.#commit(),
    };
  }

  #appendTimes(bytes: number, times: number): void {
    const piece = Buffer.alloc(bytes, 'x');
    for (let time = 0; time < times; time += 1)
      writeFileSync(join(this.#folder, 'log'), piece, { flag: 'a', flush: true });
    rmSync(join(this.#folder, 'log'), { force: true });
  }

  #replace(bytes: number): void {
    const path = join(this.#folder, 'file');
    writeFileSync(`${path}.new`, Buffer.alloc(bytes, 'x'), { flush: true });
    renameSync(`${path}.new`, path);
  }

  async #commit(): Promise<number> {
    for (const file of COMMITTED_FILES) cpSync(join(this.#root, file), join(this.#folder, file));
    return timed(async () => {
      await this.#git('add', '--', ...COMMITTED_FILES);
      await this.#git('commit', '--quiet', '--message=bare');
    });
  }

  async #git(...args: string[]): Promise<void> {
    await execute('git', args, { cwd: this.#folder, env: gitEnvironment() });
  }
}

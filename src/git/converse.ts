import { spawn } from 'node:child_process';
import { messageOf } from '../errors.ts';
import { GIT_CONFIG, gitEnvironment } from './environment.ts';
import { inTime } from './in-time.ts';
import { newMark } from './marked.ts';

/** A git process that is spoken with: it does one step, says so on a line, and waits for the next. */
export interface Conversation {
  /** Sends `text` and waits for the line `answer`; false: git has ended instead. Rejects with GitFailure when the time is over. */
  ask(text: string, answer: string): Promise<boolean>;
  /** Has no more to say, and waits for the end. Never rejects. `exitCode` is negative where git could not be started. */
  end(): Promise<{ exitCode: number; stderr: string }>;
}

/** Starts one. Not through simple-git, which hands a process all its input at once. */
export function converse(folder: string, args: string[], signal: AbortSignal): Conversation {
  const mark = newMark();
  const child = spawn('git', [...GIT_CONFIG.flatMap(setting => ['-c', setting]), ...args], {
    cwd: folder,
    env: gitEnvironment(process.env, mark),
    stdio: 'pipe',
    signal,
    killSignal: 'SIGINT',
  });
  let [said, stderr, heard] = ['', '', (): void => undefined];
  child.stdin.on('error', () => undefined); // git has ended: that shows by itself
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text;
  });
  child.stdout.setEncoding('utf8').on('data', text => {
    said += text;
    heard();
  });
  const ended = new Promise<{ exitCode: number; stderr: string }>(resolve => {
    child.once('error', error => resolve({ exitCode: -1, stderr: messageOf(error) }));
    child.once('close', code => resolve({ exitCode: code ?? -1, stderr }));
  });
  const hasSaid = (line: string): boolean => `\n${said}`.includes(`\n${line}\n`);
  const what = { name: `git ${args[0]}`, mark, signal };
  return {
    ask(text, answer) {
      const answered = new Promise<boolean>(resolve => {
        heard = () => hasSaid(answer) && resolve(true);
      });
      child.stdin.write(text);
      return inTime(Promise.race([answered, ended.then(() => hasSaid(answer))]), what);
    },
    end() {
      child.stdin.end();
      return inTime(ended, what).catch(error => ({ exitCode: -1, stderr: messageOf(error) }));
    },
  };
}

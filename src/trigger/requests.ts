import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { systemErrorCode, WatchkeeperError } from '../errors.ts';
import { parsedJson } from '../json.ts';

/**
 * How `trigger` reaches the running supervisor: a request is a small file in `data/triggers/`, and so is the answer.
 * Both are written whole (to another name, then renamed), so that a reader never sees half of one.
 *
 *   data/triggers/ID.request.json   written by `trigger`, removed by the supervisor when it takes it up
 *   data/triggers/ID.answer.json    written by the supervisor: first `accepted` or `refused`, then, where the
 *                               request waits for it, `ended`; removed by `trigger`
 */
const ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const MAX_BYTES = 64 * 1024;
/** An answer that nobody fetched for so long is swept: its `trigger` was interrupted. */
const FORGOTTEN_MS = 3_600_000;

/** A `trigger` of before there was `wait` may wait, or not: it takes either answer. */
const requestSchema = z.object({
  modules: z.array(z.string()).max(10_000),
  wait: z.boolean().default(true),
});

const answerSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('accepted'), iteration: z.number().nullable(), missed: z.array(z.string()) }),
  z.object({ state: z.literal('refused'), message: z.string() }),
  z.object({
    state: z.literal('ended'),
    failed: z.boolean(),
    message: z.string(),
    iteration: z.number(),
    missed: z.array(z.string()).default([]),
  }),
]);

export interface TriggerRequest {
  id: string;
  /** Empty: all of them. */
  modules: string[];
  /** Whether somebody waits for the end of the iteration, and is to be told of it. */
  wait: boolean;
}

export type TriggerAnswer = z.infer<typeof answerSchema>;

/** The two file operations that this mailbox needs, given by the composition root: safe reading and whole writing. */
export interface MailboxFiles {
  /** Null where there is no such file; throws for what is not a small regular file. */
  read(path: string, maxBytes: number): string | null;
  write(path: string, text: string): void;
}

export class Mailbox {
  readonly folder: string;
  readonly #files: MailboxFiles;

  constructor(dataFolder: string, files: MailboxFiles) {
    this.folder = join(dataFolder, 'triggers');
    this.#files = files;
  }

  /** For the side that asks. */
  send(request: TriggerRequest): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const { id, modules, wait } = request;
    this.#files.write(this.#path(id, 'request'), JSON.stringify({ modules, wait }));
  }

  /** For the side that asks: takes a request back that nobody took up. */
  withdraw(id: string): void {
    rmSync(this.#path(id, 'request'), { force: true });
    rmSync(this.#path(id, 'answer'), { force: true });
  }

  /** For the side that asks: the answer so far. @throws WatchkeeperError 'file' where something else stands there */
  answer(id: string): TriggerAnswer | null {
    const path = this.#path(id, 'answer');
    const text = this.#files.read(path, MAX_BYTES);
    if (text === null) return null;
    const answer = answerSchema.safeParse(parsedJson(text));
    if (answer.success) return answer.data;
    throw new WatchkeeperError(
      'file',
      `${path} is no answer of a supervisor (cut off, or edited?): ask again`,
    );
  }

  /** For the supervisor: takes up all requests that lie there, oldest first. What is not a request is removed and named. */
  receive(onBad: (file: string, problem: string) => void): TriggerRequest[] {
    return this.#ids('request').flatMap(id => {
      const path = this.#path(id, 'request');
      try {
        const text = this.#files.read(path, MAX_BYTES);
        if (text === null) return [];
        const request = requestSchema.safeParse(parsedJson(text));
        if (request.success) return [{ id, ...request.data }];
        onBad(path, 'it is not of the form {"modules":["NAME"],"wait":true}');
        return [];
      } catch (error) {
        onBad(path, error instanceof Error ? error.message : String(error));
        return [];
      } finally {
        rmSync(path, { recursive: true, force: true });
      }
    });
  }

  /** For the supervisor. */
  reply(id: string, answer: TriggerAnswer): void {
    this.#files.write(this.#path(id, 'answer'), JSON.stringify(answer));
  }

  /** For the supervisor, now and then: removes answers that nobody fetched. */
  sweep(nowMs: number): void {
    for (const id of this.#ids('answer')) {
      const path = this.#path(id, 'answer');
      // By the time of the answer, not of the request: the iteration between the two may take days.
      const writtenMs = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? nowMs;
      if (nowMs - writtenMs > FORGOTTEN_MS) rmSync(path, { recursive: true, force: true });
    }
  }

  #path(id: string, kind: 'request' | 'answer'): string {
    return join(this.folder, `${id}.${kind}.json`);
  }

  #ids(kind: 'request' | 'answer'): string[] {
    try {
      const suffix = `.${kind}.json`;
      const names = readdirSync(this.folder).filter(name => name.endsWith(suffix));
      return names
        .map(name => name.slice(0, -suffix.length))
        .filter(id => ID.test(id))
        .sort();
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return [];
      throw error;
    }
  }
}

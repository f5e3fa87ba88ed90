import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { WatchkeeperError } from '../../src/errors.ts';
import { openMailbox } from '../../src/mailbox.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { fc } from '../helpers/properties.ts';
import { MUTATIONS, mutated } from './mutations.ts';
import { holds } from './property.ts';

failOnLeaks();

const ROOT = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-fuzz-')));
const FOLDER = join(ROOT, 'data/triggers');
after(() => rmSync(ROOT, { recursive: true }));

const mailbox = openMailbox(ROOT);
const IDS = ['01JD0000000000000000000000', '01JD0000000000000000000001', '7ZZZZZZZZZZZZZZZZZZZZZZZZZ'];

const REQUEST = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(
        '{"modules":["collector"]}',
        '{"modules":[],"wait":true}',
        '{"modules":["a","b"],"wait":false}',
      ),
      MUTATIONS,
    )
    .map(([text, mutations]) => mutated(Buffer.from(text), mutations)),
  fc
    .constantFrom(
      `{"modules":["${'x'.repeat(70_000)}"]}`,
      `{"modules":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
      '{"modules":["\\u001b[31m"]}',
    )
    .map(text => Buffer.from(text)),
  fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes)),
);

const NAME = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...IDS.map(id => `${id}.request.json`)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'x.request.json',
      '.request.json',
      'request.json',
      '__proto__.request.json',
      `${IDS[0]}.request.json.tmp`,
    ),
  },
);

test('requests are taken up whole or named as bad ones, and none lies there afterwards', async t => {
  await holds(
    t,
    fc.dictionary(NAME, REQUEST, { maxKeys: 4 }),
    files => {
      rmSync(FOLDER, { recursive: true, force: true });
      mkdirSync(FOLDER, { recursive: true });
      for (const [name, bytes] of Object.entries(files)) writeFileSync(join(FOLDER, name), bytes);
      const bad: string[] = [];
      const requests = mailbox.receive((file, problem) => {
        assert.notEqual(problem, '');
        bad.push(file);
      });
      const named = Object.keys(files).filter(name => IDS.some(id => name === `${id}.request.json`));
      assert.equal(requests.length + bad.length, named.length);
      for (const { id, modules } of requests) {
        assert.ok(IDS.includes(id));
        assert.ok(modules.every(module => typeof module === 'string'));
      }
      assert.deepEqual(
        readdirSync(FOLDER).filter(name => named.includes(name)),
        [],
      );
      assert.deepEqual(
        mailbox.receive(() => assert.fail('again')),
        [],
      );
    },
    { share: 0.5 },
  );
});

const ANSWERS = fc.constantFrom(
  '{"state":"accepted","iteration":3,"missed":[]}',
  '{"state":"refused","message":"there is no module x"}',
  '{"state":"ended","failed":false,"message":"Performance OK","iteration":3,"missed":["a"]}',
);

test('an answer is one, or is told not to be one', async t => {
  const [id = ''] = IDS;
  mkdirSync(FOLDER, { recursive: true });
  await holds(
    t,
    fc.tuple(ANSWERS, MUTATIONS),
    ([text, mutations]) => {
      writeFileSync(join(FOLDER, `${id}.answer.json`), mutated(Buffer.from(text), mutations));
      try {
        assert.match(mailbox.answer(id)?.state ?? '', /^(accepted|refused|ended)$/);
      } catch (error) {
        assert.ok(error instanceof WatchkeeperError, String(error));
        assert.match(error.message, /is no answer/);
      }
    },
    { share: 0.5 },
  );
});

test('an answer that is cut off is told in one line, without a stack', () => {
  const [id = ''] = IDS;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${id}.answer.json`), '{"state":"accep');
  assert.throws(
    () => mailbox.answer(id),
    new WatchkeeperError(
      'file',
      `${join(FOLDER, `${id}.answer.json`)} is no answer of a supervisor (cut off, or edited?): ask again`,
    ),
  );
});

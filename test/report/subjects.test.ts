import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { htmlReport } from '../../src/report/html/page.ts';
import { jsonReport } from '../../src/report/json.ts';
import { markdownReport } from '../../src/report/markdown/page.ts';
import { revisionsIn, withSubjects } from '../../src/report/subjects.ts';
import { HOSTILE } from './odd-reports.ts';
import { sampleReport } from './sample.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

test('every revision that is named is asked for, once', () => {
  assert.deepEqual([...revisionsIn(sampleReport({ modules: 3 }))].sort(), [
    ...['0983d71', '1611dde', '44314a6', '9fceb02', 'b8038e4'],
  ]);
});

test('what a commit says stands beside its revision, in each form, as a text alone; what is not known is left out', () => {
  const said = new Map([
    ['44314a6', `Keep ${HOSTILE}`],
    ['b8038e4', 'Two windows'],
  ]);
  const data = withSubjects(sampleReport({ modules: 1 }), said);
  const subjects = data.modules[0]?.revisions.map(({ subject }) => subject);
  assert.deepEqual(subjects, [null, null, null, `Keep ${HOSTILE}`, 'Two windows']);
  const page = htmlReport(data, sha256);
  assert.ok(page.includes('b8038e4: Two windows'));
  assert.ok(page.includes('first seen with 44314a6 &quot;Keep &lt;img src=x'));
  assert.ok(!page.includes(HOSTILE));
  const markdown = markdownReport(data);
  assert.match(markdown, /first seen with 44314a6 "Keep \\<img src=x/);
  assert.match(markdown, /\| new revision \| b8038e4: Two windows /);
  assert.deepEqual(JSON.parse(jsonReport(data)), data);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonReport } from '../../src/report/json.ts';
import { hostileReport } from './odd-reports.ts';
import { sampleReport } from './sample.ts';

test('the report for programs is its data, in one line', () => {
  for (const data of [sampleReport({ modules: 2, days: 1 }), hostileReport()]) {
    const text = jsonReport(data);
    assert.deepEqual(JSON.parse(text), data);
    assert.equal(text.indexOf('\n'), text.length - 1);
  }
});

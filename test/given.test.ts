import assert from 'node:assert/strict';
import { test } from 'node:test';
import { given } from '../src/given.ts';

test('what was not given is not there; what was given is, also where it is nothing', () => {
  assert.deepEqual(given({ a: undefined, b: null, c: 0, d: '', e: false }), {
    b: null,
    c: 0,
    d: '',
    e: false,
  });
  assert.equal('a' in given({ a: undefined }), false);
});

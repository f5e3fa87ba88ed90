import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hiddenValues, withoutHidden } from '../../src/run/hidden.ts';

test('what a variable of a telling name holds is hidden, whatever the case and the place of the word', () => {
  const names = [
    'API_TOKEN',
    'db_password',
    'PGPASSWORD',
    'ClientSecret',
    'AWS_SECRET_ACCESS_KEY',
    'API_KEY',
    'SMTP_PASS',
  ];
  for (const name of names) assert.deepEqual(hiddenValues({ [name]: 'canary' }), ['canary'], name);
});

test('what other variables hold is shown, and so is what is too short to be a secret', () => {
  assert.deepEqual(
    hiddenValues({ SYMBOL: 'BTCUSDT', PATH: '/usr/bin', KEYBOARD: 'german', AUTHOR: 'someone' }),
    [],
  );
  assert.deepEqual(hiddenValues({ TOKEN: 'abc', PASSWORD: '' }), []);
});

test('of an address the password is hidden, and a token in the place of the user; a user alone is not', () => {
  assert.deepEqual(hiddenValues({ URL: 'postgres://me:can%40ary@host/db' }), [
    'me:can%40ary',
    'can%40ary',
    'can@ary',
  ]);
  assert.deepEqual(hiddenValues({ URL: 'https://ghp_0123456789abcdef@host/' }), ['ghp_0123456789abcdef']);
  assert.deepEqual(hiddenValues({ URL: 'postgres://postgres@host/db', MAIL: 'mailto:me@host' }), []);
  assert.deepEqual(hiddenValues({ URL: 'http://me:100%@host' }), ['me:100%', '100%']);
});

test('of a key with several lines each line is hidden, the longest values first', () => {
  const pem = '-----BEGIN KEY-----\r\nMIIBOgIBAAJB\nAKj34Gky\n-----END KEY-----\n';
  assert.deepEqual(hiddenValues({ PRIVATE_KEY: pem }), [
    '-----BEGIN KEY-----',
    '-----END KEY-----',
    'MIIBOgIBAAJB',
    'AKj34Gky',
  ]);
});

test('every place where a hidden value stands is replaced, signs of patterns are signs', () => {
  assert.equal(withoutHidden('a$.b x a$.b aXb', ['a$.b']), '*** x *** aXb');
  assert.equal(withoutHidden('me:canary canary', ['me:canary', 'canary']), '*** ***');
});

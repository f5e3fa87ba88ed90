import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html, trusted } from '../../../src/report/html/markup.ts';
import { fc } from '../../helpers/properties.ts';

test('a text that is put in stands for itself, in an element and in an attribute', () => {
  const hostile = `<b title='x'>&amp;"`;
  const escaped = '&lt;b title=&#39;x&#39;&gt;&amp;amp;&quot;';
  assert.equal(html`<p title="${hostile}">${hostile}</p>`.markup, `<p title="${escaped}">${escaped}</p>`);
});

test('what is finished goes in as it is, also many in a row, and null is nothing', () => {
  const items = ['a', '<'].map(text => html`<li>${text}</li>`);
  assert.equal(
    html`<ul>${items}</ul>${null}${3}${trusted('<br>')}`.markup,
    '<ul><li>a</li><li>&lt;</li></ul>3<br>',
  );
});

test('no text ends its element or its attribute, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
      const inside = html`${text}`.markup;
      assert.doesNotMatch(inside, /[<>"']/);
      assert.ok(inside.isWellFormed());
    }),
  );
});

test('signs that are not seen or turn the writing around are shown as such, and a very long text ends', () => {
  assert.equal(html`${'a\u0000b\u202Ec\u2066d'}`.markup, 'a\ufffdb\ufffdc\ufffdd');
  assert.equal(html`${'two\n\tlines '}`.markup, 'two lines');
  assert.equal(html`${'\ud800'}`.markup, '\ufffd');
  const long = html`${'x'.repeat(1_000_000)}`.markup;
  assert.ok(long.length === 2000 && long.endsWith('x…'));
});

test('no line ends between a number and its unit', () => {
  assert.equal(
    html`${'+9.2 % in 5 min, 3 minutes, 4 GB'}`.markup,
    '+9.2\u00a0% in 5\u00a0min, 3 minutes, 4\u00a0GB',
  );
});

import type { Render } from './format.ts';

/** One JSON document: a list of runs, each on a line of its own, with the keys of `performance.json` and its module. */
export const json: Render = function* ({ pages }) {
  let separator = '[\n';
  for (const page of pages()) {
    const lines = page.map(run => JSON.stringify(run));
    yield `${separator}${lines.join(',\n')}`;
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
};

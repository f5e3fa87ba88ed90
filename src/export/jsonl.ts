import type { Render } from './format.ts';

/** JSON lines: each run is a document of its own, so that a reader can begin before the end is there. */
export const jsonl: Render = function* ({ pages }) {
  for (const page of pages()) yield page.map(run => `${JSON.stringify(run)}\n`).join('');
};

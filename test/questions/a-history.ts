import type { TestContext } from 'node:test';
import type { Store } from '../../src/store/store.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { aStore } from '../store/fixtures.ts';

// For every test of a file that imports this one.
failOnLeaks();

/** An empty store to fill and to ask; closed and gone after the test. */
export function aHistory(t: TestContext): Store {
  return aStore(t).store;
}

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
formats.default(ajv);

/** Checks a value against one of the JSON Schemas of the package, by the name of its file. */
export function assertValid(schema: 'performance' | 'status' | 'anomalies', value: unknown): void {
  const name = `${schema}.schema.json`;
  const path = join(import.meta.dirname, '../../src/schemas', name);
  const known = ajv.getSchema(`https://watchkeeper.invalid/schemas/${name}`);
  const validate = known ?? ajv.compile(JSON.parse(readFileSync(path, 'utf8')));
  assert.ok(validate(value), JSON.stringify(validate.errors?.slice(0, 5), null, 1));
}

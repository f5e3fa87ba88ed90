import { fc } from '../helpers/properties.ts';

const SIGN = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 0x7f }) },
  { weight: 1, arbitrary: fc.integer({ min: 0x80, max: 0x2fff }) },
  {
    weight: 1,
    arbitrary: fc.oneof(fc.integer({ min: 0x3000, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff })),
  },
);

/** Texts of any signs of Unicode. (The package has such texts too, but takes seconds to make ready for them.) */
export function anyText(maxLength: number): fc.Arbitrary<string> {
  return fc.array(SIGN, { maxLength }).map(signs => String.fromCodePoint(...signs));
}

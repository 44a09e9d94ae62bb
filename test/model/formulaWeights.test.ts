import { expect, it } from 'vitest'
import { fnv1a32, formula, hash32 } from './formulaWeights.ts'

it('hashes as definitions 1.1 says', () => {
  expect(fnv1a32('a')).toBe(0xe40c292c)
  expect(fnv1a32('encoder.conv1.weight')).toBe(0xa3378246)
  expect([0, 1, 2, 0xdeadbeef].map(hash32)).toEqual([0, 0x688990c0, 0xd1132181, 0xe628c683])
  const values = [...formula('encoder.conv1.weight', 3, 11, -1, 1)]
  expect(values.map((value) => value.toFixed(7))).toEqual(['0.2191222', '0.1598396', '-0.8228041'])
})

import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/core/errors.ts'
import { compareGroups, groupsOf } from '../../../src/core/splits/groups.ts'

describe('groupsOf', () => {
  const names = ['patient_1_slice_2.png', 'patient_1_slice_3.png', 'patient_12_slice_1.png']

  it('takes the first capture group', () => {
    expect(groupsOf(names, String.raw`^patient_(\d+)_`)).toEqual(['1', '1', '12'])
  })

  it('takes the whole match without one', () => {
    expect(groupsOf(names, String.raw`^patient_\d+`)).toEqual(['patient_1', 'patient_1', 'patient_12'])
    expect(groupsOf(names, String.raw`^(?:patient)_\d+`)).toEqual(['patient_1', 'patient_1', 'patient_12'])
  })

  it('names the first file that does not match', () => {
    expect(() => groupsOf([...names, 'scan.png', 'other.png'], String.raw`^patient_(\d+)`)).toThrow(
      'does not match the file "scan.png"',
    )
  })

  it.each([
    '(a+)+$',
    '((a+))+$',
    '(a|aa)+$',
    '(a*)*b',
    '(a+)+?b',
    '(?:x+y*){2,}z',
    'a'.repeat(201),
    '.*.*.*.*.*.*x',
    '(unclosed',
  ])('refuses the pattern %s', (pattern) => {
    expect(() => groupsOf(names, pattern)).toThrow(UserError)
  })

  it.each([
    String.raw`^(.+)_slice_\d+\.png$`,
    '^(patient_[(+*)|0-9]+)_',
    String.raw`^(?:patient|case)_(\d+)`,
    String.raw`^(\w+?)_`,
  ])('accepts the pattern %s', (pattern) => {
    expect(groupsOf(names, pattern)).toHaveLength(names.length)
  })

  it('refuses names that no file system has', () => {
    expect(() => groupsOf(['a'.repeat(300)], 'a')).toThrow(UserError)
  })
})

describe('compareGroups', () => {
  it('orders text by code point and numbers by value, as NumPy does', () => {
    expect(['patient_9', 'patient_10', 'Z', 'ä'].sort(compareGroups)).toEqual(['Z', 'patient_10', 'patient_9', 'ä'])
    expect([10, 9, -1].sort(compareGroups)).toEqual([-1, 9, 10])
    expect(['\u{1F600}', '\uFFFD'].sort(compareGroups)).toEqual(['\uFFFD', '\u{1F600}'])
  })
})

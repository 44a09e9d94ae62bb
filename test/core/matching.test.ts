import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchElements } from '../../src/core/matching.ts'

interface Element {
  readonly name: string
  readonly p: number
}
const isEqual = (a: Element, b: Element): boolean => a.name === b.name && a.p === b.p
const lists = fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'c'), p: fc.constantFrom(0, 1) }), { maxLength: 7 })
const named = (names: string): Element[] => Array.from(names, (name) => ({ name, p: 0 }))

describe('matchElements', () => {
  it('accounts for every element of both lists exactly once', () => {
    fc.assert(
      fc.property(lists, lists, (before, after) => {
        const { same, replaced, removed, added } = matchElements(before, after, isEqual)
        const ascending = (a: number, b: number): number => a - b
        const pairs = [...same, ...replaced]
        expect([...pairs.map((pair) => pair.before), ...removed].sort(ascending)).toEqual([...before.keys()])
        expect([...pairs.map((pair) => pair.after), ...added].sort(ascending)).toEqual([...after.keys()])
        for (const pair of same) expect(before[pair.before].name).toBe(after[pair.after].name)
      }),
    )
  })

  it('moves as few elements as possible', () => {
    const movedIn = (before: string, after: string): number =>
      matchElements(named(before), named(after), isEqual).same.filter(({ isMoved }) => isMoved).length
    expect(movedIn('abc', 'abc')).toBe(0)
    expect(movedIn('abcde', 'eabcd')).toBe(1)
    expect(movedIn('abc', 'cba')).toBe(2)
    expect(movedIn('abc', 'xbyc')).toBe(0)
  })

  it('prefers the equal one among several of a name', () => {
    const before = [{ name: 'a', p: 0 }]
    const after = [
      { name: 'a', p: 1 },
      { name: 'a', p: 0 },
    ]
    expect(matchElements(before, after, isEqual)).toMatchObject({ same: [{ before: 0, after: 1 }], added: [0] })
  })
})

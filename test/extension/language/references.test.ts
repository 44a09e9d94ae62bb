import { describe, expect, it } from 'vitest'
import { experimentSlot, references } from '../../../src/extension/language/references.ts'

function found(text: string, kind: 'project' | 'experiment'): readonly string[] {
  return references(text, kind).map(({ names, value, start, end }) => `${names} ${value} ${text.slice(start, end)}`)
}

/** The text with `|` where the cursor stands, and what a completion there would replace in [ ]. */
function slot(marked: string, kind: 'project' | 'experiment' = 'experiment'): string | undefined {
  const text = marked.replace('|', '')
  const range = experimentSlot(text, kind, marked.indexOf('|'))
  return range && `${text.slice(0, range.start)}[${text.slice(range.start, range.end)}]${text.slice(range.end)}`
}

describe('what a text refers to', () => {
  it('is the parent of an experiment', () => {
    expect(found('{ // why\n "extends": "base", "model": { "extends": "no" } }', 'experiment')).toEqual([
      'experiment base "base"',
    ])
  })

  it('is the baseline of a project and the folders of its data set', () => {
    const text = '{ "dataset": { "images": "data/images", "masks": "data/masks" }, "baseline": "base" }'
    expect(found(text, 'project')).toEqual([
      'experiment base "base"',
      'folder data/images "data/images"',
      'folder data/masks "data/masks"',
    ])
  })

  it('is found in a text that is being typed', () => {
    expect(found('{ "extends": "base", "loss": [ { "na', 'experiment')).toEqual(['experiment base "base"'])
  })

  it.each(['', '{', '{ "extends" }', '{ "extends": }', '{ "extends": 3 }', '{ "extends": "" }', '[]'])(
    'is nothing in %s',
    (text) => {
      expect(found(text, 'experiment')).toEqual([])
    },
  )
})

describe('where the name of an experiment is completed', () => {
  it('replaces the value with its quotes, wherever in it the cursor stands', () => {
    expect(slot('{ "extends": "ba|se" }')).toBe('{ "extends": ["base"] }')
    expect(slot('{ "extends": "|" }')).toBe('{ "extends": [""] }')
  })

  it('begins a value where there is none', () => {
    expect(slot('{ "extends": | }')).toBe('{ "extends": [] }')
  })

  it('is the baseline in a project', () => {
    expect(slot('{ "baseline": "b|" }', 'project')).toBe('{ "baseline": ["b"] }')
    expect(slot('{ "extends": "b|" }', 'project')).toBeUndefined()
  })

  it.each(['{ "ext|ends": "base" }', '{ "hypothesis": "b|" }', '{ "model": { "extends": "b|" } }', '|'])(
    'is not: %s',
    (text) => {
      expect(slot(text)).toBeUndefined()
    },
  )
})

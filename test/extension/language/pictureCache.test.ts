import { describe, expect, it } from 'vitest'
import { PictureCache } from '../../../src/extension/language/pictureCache.ts'
import type { AnswerOf } from '../../../src/protocol/questions.ts'

function maker() {
  const made: string[] = []
  const make = (name: string) => (): Promise<AnswerOf<'picture'>> => {
    made.push(name)
    return Promise.resolve({ id: 1, type: 'picture', mimeType: '', image: name, width: 1, height: 1, classes: [] })
  }
  return { made, make }
}

describe('pictures that were asked for', () => {
  it('are made once for the same file, for a while', async () => {
    const { made, make } = maker()
    const cache = new PictureCache()
    await cache.of('a', 0, make('a'))
    await cache.of('a', 29_000, make('a'))
    expect(made).toEqual(['a'])
    await cache.of('a', 31_000, make('a'))
    expect(made).toEqual(['a', 'a'])
  })

  it('are let go when many others were asked for since', async () => {
    const { made, make } = maker()
    const cache = new PictureCache()
    await cache.of('first', 0, make('first'))
    await cache.of('second', 0, make('second'))
    for (let index = 0; index < 23; index++) await cache.of(`other ${index}`, 0, make('other'))
    await cache.of('second', 0, make('second'))
    await cache.of('first', 0, make('first'))
    expect(made.filter((name) => name !== 'other')).toEqual(['first', 'second', 'first'])
  })

  it('are asked for again after a failure', async () => {
    const { made, make } = maker()
    const cache = new PictureCache()
    await expect(cache.of('a', 0, () => Promise.reject(new Error('damaged')))).rejects.toThrow('damaged')
    await cache.of('a', 0, make('a'))
    expect(made).toEqual(['a'])
  })
})

import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const text = readFileSync('docs/ARCHITECTURE.md', 'utf8')

/** Everything in backticks that looks like a file or folder of the source. */
const paths = [...text.matchAll(/`([\w./-]+)`/g)].map(([, path]) => path).filter((path) => /^[\w-]+\/|\.ts$/.test(path))

describe('docs/ARCHITECTURE.md', () => {
  it('names every room, and no room that is not there', () => {
    const named = [...text.matchAll(/^\| `src\/(\w+)`/gm)].map(([, room]) => room)
    const rooms = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(named.toSorted()).toEqual(rooms.map(({ name }) => name).toSorted())
  })

  it.each(paths.filter((path) => path.includes('/') && !/^(dist|foldwise)\//.test(path)))('%s exists', (path) => {
    const candidates = [path, `src/${path}`, `src/engines/${path}`]
    expect(candidates.some((candidate) => existsSync(candidate))).toBe(true)
  })
})

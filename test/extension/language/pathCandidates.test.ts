import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pathCandidates, type Bases } from '../../../src/extension/language/pathCandidates.ts'

const root = resolve('/work space')
const bases: Bases = {
  document: resolve(root, 'notes'),
  workspace: [root],
  projects: [{ root, images: 'data/images', masks: 'data/masks' }],
}

function candidates(text: string, mayBeStem = false): readonly string[] {
  return pathCandidates({ text, start: 0, end: text.length, mayBeStem }, bases)
}

describe('files that a path may mean', () => {
  it("are looked for beside the document, in the workspace, the project and the data set's folders", () => {
    expect(candidates('sub/a.png')).toEqual(
      ['notes/sub/a.png', 'sub/a.png', 'data/images/sub/a.png', 'data/masks/sub/a.png'].map((each) =>
        resolve(root, each),
      ),
    )
  })

  it('are the path itself where it is absolute', () => {
    expect(candidates(resolve(root, 'a.png'))).toEqual([resolve(root, 'a.png')])
  })

  it('are found from a Windows path on any system', () => {
    expect(candidates('sub\\a.png')).toContain(resolve(root, 'data/images/sub/a.png'))
  })

  it('may go up from the document', () => {
    expect(candidates('../data/images/a.png')[0]).toBe(resolve(root, 'data/images/a.png'))
  })

  it('are images of the data set for a name without an ending', () => {
    const found = candidates('scene03_0012', true)
    expect(found).toContain(resolve(root, 'data/images/scene03_0012.png'))
    expect(found).toContain(resolve(root, 'data/images/scene03_0012.jpg'))
    expect(found.every((each) => each.startsWith(resolve(root, 'data/images')))).toBe(true)
    expect(candidates('scene03_0012')).toEqual([])
  })

  it('are never on another machine: looking there would send who we are', () => {
    expect(candidates('\\\\server\\share\\a.png')).toEqual([])
    expect(candidates('//server/share/a.png')).toEqual([])
  })
})

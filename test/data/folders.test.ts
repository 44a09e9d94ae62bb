import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { pairFolders, type PairedFolders } from '../../src/data/folders.ts'
import { messageOf, temporaryFolder } from './dataset.ts'

/** Files are only listed here, so empty ones do. */
function workspace(files: readonly string[]): string {
  const root = temporaryFolder()
  for (const folder of ['images', 'masks']) mkdirSync(join(root, folder))
  for (const file of files) {
    mkdirSync(join(root, file, '..'), { recursive: true })
    writeFileSync(join(root, file), '')
  }
  return root
}

async function pair(root: string, allowUnpaired = false): Promise<PairedFolders> {
  return pairFolders({ root, images: 'images', masks: 'masks', allowUnpaired })
}

describe('pairFolders', () => {
  it('sorts by code point, whatever the disk gives, and pairs every image once', async () => {
    const names = fc.uniqueArray(
      fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
        .filter((name) => !/[/\\\0.]/.test(name) && Buffer.byteLength(name) < 200),
      {
        minLength: 1,
        maxLength: 8,
        selector: (name) => name.normalize('NFC').toLowerCase(),
      },
    )
    await fc.assert(
      fc.asyncProperty(names, async (stems) => {
        const root = workspace(stems.flatMap((stem) => [`images/${stem}.png`, `masks/${stem}.png`]))
        const { pairs } = await pair(root)
        const byBytes = [...readdirSync(join(root, 'images'))].sort((a, b) =>
          Buffer.compare(Buffer.from(a), Buffer.from(b)),
        )
        expect(pairs.map(({ name }) => name)).toEqual(byBytes)
        expect(new Set(pairs.map(({ mask }) => mask)).size).toBe(stems.length)
      }),
      { numRuns: 30 },
    )
  })

  it('pairs subfolders by their path', async () => {
    const root = workspace(['images/a/1.png', 'images/b/1.png', 'masks/a/1.png', 'masks/b/1.png'])
    const { pairs } = await pair(root)
    expect(pairs).toEqual(
      ['a/1.png', 'b/1.png'].map((name) => ({
        name,
        image: join(root, 'images', name),
        mask: join(root, 'masks', name),
      })),
    )
  })

  it('says by which rule masks were found', async () => {
    expect((await pair(workspace(['images/a.jpg', 'masks/a_label.png']))).rule).toContain('_label')
    expect((await pair(workspace(['images/a.jpg', 'masks/a.png']))).rule).toContain('same stem')
  })

  it('takes the PNG where a mask lies there in two formats', async () => {
    const { pairs } = await pair(workspace(['images/a.jpg', 'masks/a.jpg', 'masks/a.png', 'masks/a.webp']))
    expect(pairs[0].mask).toMatch(/a\.png$/)
  })

  it('refuses images without masks, with their number and the first names, unless that is allowed', async () => {
    const root = workspace([...Array.from({ length: 9 }, (_, i) => `images/${i}.png`), 'masks/3.png'])
    const message = await messageOf(async () => pair(root))
    expect(message).toContain('8 images have no mask')
    expect(message).toContain(join(root, 'images', '0.png'))
    expect(message).toContain('3 more')
    const { pairs, warnings } = await pair(root, true)
    expect(pairs.map(({ name }) => name)).toEqual(['3.png'])
    expect(warnings.join('\n')).toContain('8 images')
  })

  it('refuses a folder without images or without any mask', async () => {
    expect(await messageOf(async () => pair(workspace(['masks/a.png'])))).toContain('no image')
    expect(await messageOf(async () => pair(workspace(['images/a.png']), true))).toContain('no masks at all')
  })

  it('refuses a folder that does not exist or lies outside the workspace', async () => {
    const root = workspace(['images/a.png', 'masks/a.png'])
    expect(await messageOf(async () => pairFolders({ root, images: 'photos', masks: 'masks' }))).toContain('photos')
    expect(
      await messageOf(async () => pairFolders({ root: join(root, 'images'), images: '.', masks: '../masks' })),
    ).toContain('out of the workspace')
  })

  it('takes images and masks out of one folder by the suffix', async () => {
    const root = workspace(['data/a.png', 'data/a_mask.png', 'data/b.png', 'data/b_mask.png'])
    const { pairs } = await pairFolders({ root, images: 'data', masks: 'data' })
    expect(pairs.map(({ name }) => name)).toEqual(['a.png', 'b.png'])
  })

  it('does not list masks that lie below the images, nor what runs wrote', async () => {
    const root = workspace(['a.png', 'masks/a.png', 'foldwise/runs/x/predictions/a.png'])
    const { pairs, warnings } = await pairFolders({ root, images: '.', masks: 'masks' })
    expect(pairs.map(({ name }) => name)).toEqual(['a.png'])
    expect(warnings).toEqual([])
  })
})

describe.runIf(process.platform !== 'win32')('links and special files', () => {
  it('follows a link inside the workspace and none that leads out of it', async () => {
    const outside = workspace(['images/secret.png'])
    const root = workspace(['store/a.png', 'masks/a.png', 'masks/secret.png'])
    symlinkSync(join(root, 'store', 'a.png'), join(root, 'images', 'a.png'))
    symlinkSync(join(outside, 'images', 'secret.png'), join(root, 'images', 'secret.png'))
    symlinkSync(join(outside, 'images'), join(root, 'images', 'folder'))
    symlinkSync(join(root, 'images', 'y.png'), join(root, 'images', 'x.png'))
    symlinkSync(join(root, 'images', 'x.png'), join(root, 'images', 'y.png'))
    const { pairs, warnings } = await pair(root)
    expect(pairs.map(({ name }) => name)).toEqual(['a.png'])
    for (const name of ['secret.png', 'x.png', 'y.png'])
      expect(warnings.join('\n')).toContain(join(root, 'images', name))
  })

  it('refuses an images folder that is a link out of the workspace', async () => {
    const outside = workspace(['images/a.png'])
    const root = workspace(['masks/a.png'])
    symlinkSync(join(outside, 'images'), join(root, 'photos'))
    expect(await messageOf(async () => pairFolders({ root, images: 'photos', masks: 'masks' }))).toContain(
      'out of the workspace',
    )
  })

  it('skips a folder and a socket that are called like images: an open could wait for ever', async () => {
    const root = workspace(['images/a.png', 'masks/a.png'])
    mkdirSync(join(root, 'images', 'folder.png'))
    const server = createServer()
    onTestFinished(() => void server.close())
    await new Promise<void>((resolve) => server.listen(join(root, 'images', 'socket.png'), resolve))
    const { pairs, warnings } = await pair(root)
    expect(pairs.length).toBe(1)
    for (const name of ['folder.png', 'socket.png']) expect(warnings.join('\n')).toContain(name)
  })
})

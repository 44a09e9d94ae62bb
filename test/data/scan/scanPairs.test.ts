import { readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pairFolders } from '../../../src/data/folders.ts'
import { objectsOf } from '../../../src/data/scan/objects.ts'
import { differenceHash, differingBits } from '../../../src/data/scan/perceptualHash.ts'
import { ScanCache } from '../../../src/data/scan/scanCache.ts'
import { scanPairs, type PairScan, type ScanOptions } from '../../../src/data/scan/scanPairs.ts'
import { rulesOf, temporaryFolder } from '../dataset.ts'
import { writePair } from './pairs.ts'

const rules = rulesOf([{ id: 0, name: 'background' }, { id: 1, name: 'cell' }], null) // prettier-ignore

async function scan(root: string, options: Partial<ScanOptions> = {}): Promise<readonly PairScan[]> {
  const { pairs } = await pairFolders({ root, images: 'images', masks: 'masks' })
  return scanPairs(pairs, { rules, ...options })
}

describe('scanPairs', () => {
  it('says of each image and mask what can be said without the others', async () => {
    const root = temporaryFolder()
    writePair(root, 'a', [10, 20, 30, 40, 50, 60], [0, 1, 1, 0, 0, 1], 3)
    const [{ image, mask, faults }] = await scan(root)
    expect(faults).toEqual([])
    expect(image).toMatchObject({ height: 2, width: 3, sums: [210, 210, 210], squares: [9100, 9100, 9100], isGray: true }) // prettier-ignore
    expect(mask?.classes.map(({ pixels }) => pixels)).toEqual([3, 3])
    expect(mask?.ignored).toBe(0)
  })

  it('keeps the faults of one pair to that pair', async () => {
    const root = temporaryFolder()
    writePair(root, 'a', [1, 2, 3, 4], [0, 0, 1, 1], 2)
    writePair(root, 'b', [1, 2, 3, 4], [0, 0, 9, 1], 2)
    writePair(root, 'c', [1, 2, 3, 4], [0, 1], 2)
    const faults = (await scan(root)).map((each) => each.faults.map(({ details }) => details.code))
    expect(faults).toEqual([[], ['undeclared-class'], ['other-size']])
  })

  it('stops before the next file when it is told to', async () => {
    const root = temporaryFolder()
    for (let i = 0; i < 12; i++) writePair(root, String(i), [i, 0], [0, 1], 2)
    const stop = new AbortController()
    let seen = 0
    const ended = scan(root, {
      signal: stop.signal,
      onProgress: (done) => {
        seen = done
        stop.abort(new Error('enough'))
      },
    })
    await expect(ended).rejects.toThrow('enough')
    expect(seen).toBeLessThan(12)
  })
})

describe('the cache of a scan', () => {
  const cacheFile = (root: string): string => join(root, 'foldwise', 'cache', 'scan.json')

  /** The cache with one remembered number changed, so that it shows whether it was asked. */
  function tamper(root: string): void {
    writeFileSync(cacheFile(root), readFileSync(cacheFile(root), 'utf8').replace('"sums":[100,', '"sums":[7,'))
  }

  async function redOf(root: string): Promise<number | undefined> {
    const [{ image }] = await scan(root, { cache: new ScanCache(root, rules) })
    return image?.sums[0]
  }

  async function scanned(): Promise<string> {
    const root = temporaryFolder()
    writePair(root, 'a', [40, 60], [0, 1], 2)
    expect(await redOf(root)).toBe(100)
    tamper(root)
    return root
  }

  it('is asked for files that have not changed, and hidden from git', async () => {
    const root = await scanned()
    expect(await redOf(root)).toBe(7)
    expect(readFileSync(join(root, 'foldwise', 'cache', '.gitignore'), 'utf8')).toBe('*\n')
  })

  it('is not asked for a file of another size or time', async () => {
    const root = await scanned()
    utimesSync(join(root, 'images', 'a.png'), 1000, 1000)
    expect(await redOf(root)).toBe(100)
  })

  it.each([
    ['torn', (text: string) => text.slice(0, text.length / 2)],
    ['of another version', (text: string) => text.replace('"v":1', '"v":0')],
    ['of another shape', (text: string) => text.replaceAll('"squares"', '"powers"')],
  ])('is thrown away when it is %s', async (_, damage) => {
    const root = await scanned()
    writeFileSync(cacheFile(root), damage(readFileSync(cacheFile(root), 'utf8')))
    expect(await redOf(root)).toBe(100)
  })

  it('forgets masks when the classes are others', async () => {
    const root = await scanned()
    const swapped = rulesOf([{ id: 0, name: 'background' }, { id: 1, name: 'cell' }, { id: 2, name: 'wall' }], null) // prettier-ignore
    const [{ mask }] = await scan(root, { rules: swapped, cache: new ScanCache(root, swapped) })
    expect(mask?.classes).toHaveLength(3)
  })
})

describe('objects', () => {
  it('are pixels of one class that touch, those of a line called thin', () => {
    const rows = ['11000', '11100', '11101', '00001', '00001']
    const mask = Uint8Array.from(rows.join(''), Number)
    const found = objectsOf({ mask, height: 5, width: 5, warnings: [] })
    expect(found.get(1)).toEqual({ count: 2, sizes: [0, 1, 0, 1], smallest: 3, largest: 8, thin: 1 })
    expect(found.get(0)).toMatchObject({ count: 1, largest: 14 })
  })
})

describe('differenceHash', () => {
  const image = (gray: (x: number, y: number) => number) => {
    const values = Array.from({ length: 36 * 32 }, (_, i) => gray(i % 36, Math.floor(i / 36)))
    return { image: Uint8Array.from(values.flatMap((v) => [v, v, v])), height: 32, width: 36, warnings: [] }
  }

  it('has a bit for every cell that is brighter than the one before', () => {
    expect(differenceHash(image((x) => 5 * x))).toBe('ffffffffffffffff')
    expect(differenceHash(image((x) => 200 - 5 * x))).toBe('0000000000000000')
    expect(differenceHash(image((x) => (Math.floor(x / 4) % 2 === 1 ? 200 : 0)))).toBe('aa'.repeat(8))
  })

  it('is made for images smaller than its grid, too', () => {
    expect(differenceHash({ image: Uint8Array.of(9, 9, 9), height: 1, width: 1, warnings: [] })).toBe('0'.repeat(16))
  })

  it('differs in as many bits as counted one by one', () => {
    for (const [a, b] of [
      [0, 0],
      [0, -1],
      [0x12345678, 0x0f0f0f0f],
      [-5, 77],
    ])
      // prettier-ignore
      expect(differingBits(a, b)).toBe(((a ^ b) >>> 0).toString(2).replaceAll('0', '').length)
  })
})

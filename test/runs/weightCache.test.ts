import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { findWeights, importWeights, listWeights, weightCacheFolder } from '../../src/runs/weightCache.ts'
import { temporaryFolder } from './folders.ts'

function weightFile(content: string): string {
  const file = join(temporaryFolder(), 'model.safetensors')
  writeFileSync(file, content)
  return file
}

describe('the cache of encoder weights', () => {
  beforeEach(() => {
    vi.stubEnv('FOLDWISE_CACHE', temporaryFolder())
  })

  it('finds what was imported, with its digest, size and source', async () => {
    expect(listWeights()).toEqual([])
    expect(await findWeights('resnet18', 'imagenet')).toBeUndefined()
    const file = weightFile('tensors')
    const entry = await importWeights(file, 'resnet18', 'imagenet')
    expect(entry).toMatchObject({
      sha256: createHash('sha256').update('tensors').digest('hex'),
      bytes: 7,
      source: file,
    })
    expect(readFileSync((await findWeights('resnet18', 'imagenet'))!, 'utf8')).toBe('tensors')
    expect(await findWeights('resnet18', 'ssl')).toBeUndefined()
    expect(listWeights()).toEqual([entry])
  })

  it('replaces an earlier import of the same weights', async () => {
    await importWeights(weightFile('first'), 'resnet18', 'imagenet')
    await importWeights(weightFile('second'), 'resnet18', 'imagenet', 'hub')
    expect(listWeights()).toMatchObject([{ source: 'hub' }])
    expect(readFileSync((await findWeights('resnet18', 'imagenet'))!, 'utf8')).toBe('second')
  })

  it('loses no import when several run at once', async () => {
    const encoders = ['resnet18', 'resnet34', 'timm-efficientnet-b0', 'dpn68b', 'vgg11']
    await Promise.all(encoders.map((encoder) => importWeights(weightFile(encoder), encoder, 'imagenet+5k')))
    expect(
      listWeights()
        .map(({ encoder }) => encoder)
        .sort(),
    ).toEqual([...encoders].sort())
  })

  it('says so where a file was changed or deleted since', async () => {
    await importWeights(weightFile('tensors'), 'resnet18', 'imagenet')
    const path = (await findWeights('resnet18', 'imagenet'))!
    writeFileSync(path, 'tensorz')
    await expect(findWeights('resnet18', 'imagenet')).rejects.toMatchObject({
      details: { code: 'weights-damaged', file: path },
    })
    appendFileSync(path, '!')
    await expect(findWeights('resnet18', 'imagenet')).rejects.toMatchObject({ details: { code: 'weights-damaged' } })
    rmSync(path)
    await expect(findWeights('resnet18', 'imagenet')).rejects.toMatchObject({ details: { code: 'weights-damaged' } })
  })

  it('takes no file that is absent, no folder, and no name that is a path', async () => {
    await expect(importWeights('absent', 'resnet18', 'imagenet')).rejects.toMatchObject({
      details: { code: 'not-found' },
    })
    await expect(importWeights(temporaryFolder(), 'resnet18', 'imagenet')).rejects.toMatchObject({
      details: { code: 'cannot-read' },
    })
    for (const name of ['../x', 'a/b', '', '.x']) {
      await expect(importWeights(weightFile('x'), name, 'imagenet')).rejects.toMatchObject({
        details: { code: 'invalid-name' },
      })
    }
    expect(readdirSync(weightCacheFolder())).toEqual([])
  })
})

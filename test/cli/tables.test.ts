import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { architectures } from '../../src/model/decoders/registry.ts'
import { foldwise, recordIn } from './program.ts'
import { tinyProject } from './project.ts'

interface SplitRecord {
  readonly hash: string
  readonly images: number
  readonly classes: readonly string[]
  readonly shares: readonly number[]
  readonly folds: readonly {
    readonly train: number
    readonly validation: number
    readonly groups: number
    readonly shares: readonly number[]
  }[]
}

describe('split', () => {
  it('shows images, groups and class shares of every fold', async () => {
    const project = await tinyProject()
    const { stdout } = await foldwise(['split', '--json', '--project', project])
    const { images, classes, folds, shares } = recordIn(stdout, 'split') as SplitRecord
    expect(folds).toHaveLength(4)
    expect(folds.reduce((sum, { validation }) => sum + validation, 0)).toBe(images)
    for (const fold of [...folds, { shares }]) {
      expect(fold.shares).toHaveLength(classes.length)
      expect(fold.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1)
    }
    for (const { train, validation, groups } of folds) expect([train + validation, groups]).toEqual([images, 1])
    const text = (await foldwise(['split', '--project', project])).stdout
    expect(text).toMatch(/^fold +train +validation +groups +background +disc/m)
  })

  it('--write writes the folds with their hash', async () => {
    const project = await tinyProject()
    const file = join(project, 'foldwise', 'split.json')
    const { stdout } = await foldwise(['split', '--json', '--project', project])
    expect(existsSync(file)).toBe(false)
    await foldwise(['split', '--write', '--project', project])
    const written = JSON.parse(readFileSync(file, 'utf8')) as { hash: string; folds: { validation: string[] }[] }
    expect(written.hash).toBe((recordIn(stdout, 'split') as SplitRecord).hash)
    expect(new Set(written.folds.flatMap(({ validation }) => validation)).size).toBe(24)
  })
})

describe('schema', () => {
  it.each(['experiment', 'project', 'events', 'run', 'result'])('of %s is a JSON Schema', async (kind) => {
    const { code, stdout } = await foldwise(['schema', kind])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toHaveProperty('$schema', 'http://json-schema.org/draft-07/schema#')
  })

  it('of experiment has every architecture with its arguments', async () => {
    const { stdout } = await foldwise(['schema', 'experiment'])
    for (const { name, arguments: own } of architectures.all) {
      expect(stdout).toContain(`"const": "${name}"`)
      for (const argument of Object.keys(own.shape)) expect(stdout).toContain(`"${argument}"`)
    }
  })

  it('refuses another kind with those there are', async () => {
    const { code, stderr } = await foldwise(['schema', 'model'])
    expect(code).toBe(2)
    expect(stderr).toContain('experiment, project, events, run, result')
  })
})

describe('devices', () => {
  it('names at least one that is ready', async () => {
    const { stdout } = await foldwise(['devices', '--json'])
    expect(recordIn(stdout, 'device')).toMatchObject({ state: 'ready', name: 'onnx' })
  })
})

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DatasetSummary } from '../../src/data/scan/summary.ts'
import { foldwise, recordIn } from './program.ts'
import { tinyProject } from './project.ts'

describe('foldwise eda', () => {
  it('gives the figures as one record, and again from its cache', async () => {
    const project = await tinyProject()
    const first = await foldwise(['eda', '--project', project, '--json'])
    expect(first).toMatchObject({ code: 0, stderr: '' })
    const summary = recordIn(first.stdout, 'eda') as DatasetSummary
    expect(summary).toMatchObject({ images: 24, unusable: 0, imageSizes: [{ width: 64, height: 64, images: 24 }] })
    expect(summary.classes.reduce((sum, { pixels }) => sum + pixels, summary.ignored.pixels)).toBe(24 * 64 * 64)
    expect(summary.folds.reduce((sum, { validation }) => sum + validation.images, 0)).toBe(24)
    expect(existsSync(join(project, 'foldwise', 'cache', 'scan.json'))).toBe(true)
    expect((await foldwise(['eda', '--project', project, '--json'])).stdout).toBe(first.stdout)
  })

  it('writes a page that needs nothing from elsewhere', async () => {
    const project = await tinyProject()
    const file = join(project, 'eda.html')
    const { code, stdout } = await foldwise(['eda', '--project', project, '--html', file])
    expect(code).toBe(0)
    expect(stdout).toContain('Images that show both classes')
    const page = readFileSync(file, 'utf8')
    expect(page).toContain('<svg')
    expect(page).not.toMatch(/<script|<link|src=|url\(|href=/)
  })

  it('names what the figures leave out', async () => {
    const project = await tinyProject()
    const [image] = readdirSync(join(project, 'images'))
    writeFileSync(join(project, 'images', image), '')
    const { code, stdout: text, stderr } = await foldwise(['eda', '--project', project])
    expect(code).toBe(0)
    expect(stderr).toContain(`left out: ${join(project, 'images', image)}: this file is empty (0 bytes)`)
    expect(text).toContain('Classes in 23 images')
  })
})

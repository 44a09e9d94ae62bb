import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/data/doctor/finding.ts'
import { foldwise, recordIn } from './program.ts'
import { tinyProject } from './project.ts'

async function doctor(
  project: string,
): Promise<{ readonly code: number | null; readonly findings: readonly Finding[] }> {
  const { code, stdout } = await foldwise(['doctor', '--project', project, '--json'])
  const { findings } = recordIn(stdout, 'doctor') as { readonly findings: readonly Finding[] }
  return { code, findings }
}

describe('foldwise doctor', () => {
  it('ends with 0 where every check holds, and with 4 and all findings where one does not', async () => {
    const project = await tinyProject()
    const healthy = await doctor(project)
    expect(healthy.findings.filter(({ severity }) => severity !== 'note')).toEqual([])
    expect(healthy.code).toBe(0)

    // The last image becomes a copy of the first, which another fold validates.
    const images = readdirSync(join(project, 'images')).sort()
    const [first, last] = [images[0], images[images.length - 1]]
    copyFileSync(join(project, 'images', first), join(project, 'images', last))
    mkdirSync(join(project, 'foldwise'), { recursive: true })
    writeFileSync(join(project, 'foldwise', 'split.json'), '{"v":1,"hash":"other","folds":[]}')
    const ill = await doctor(project)
    expect(ill.code).toBe(4)
    const byCode = new Map(ill.findings.map((finding) => [finding.code, finding]))
    expect(byCode.get('leaked-same-file')?.files).toEqual([first, last])
    expect(byCode.get('conflicting-labels')?.files).toEqual([first, last])
    expect(byCode.has('written-split-differs')).toBe(true)

    const { code, stdout } = await foldwise(['doctor', '--project', project])
    expect(code).toBe(4)
    expect(stdout).toMatch(/^error \[leaked-same-file\] /m)
    expect(stdout).toMatch(/^ {2}why: {5}\S/m)
    expect(stdout).toMatch(/^ {2}to do: {3}\S/m)
  })

  it('names an image that nobody labels', async () => {
    const project = await tinyProject()
    const [image] = readdirSync(join(project, 'images'))
    copyFileSync(join(project, 'images', image), join(project, 'images', 'unlabelled.png'))
    const { code, findings } = await doctor(project)
    expect(code).toBe(4)
    expect(findings.find(({ code: kind }) => kind === 'missing-mask')?.files).toEqual([join(project, 'images', 'unlabelled.png')]) // prettier-ignore
    expect(existsSync(join(project, 'foldwise', 'cache', 'scan.json'))).toBe(true)
  })
})

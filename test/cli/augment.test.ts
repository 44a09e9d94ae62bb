import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { foldwise, recordIn } from './program.ts'
import { tiny, tinyProject, writeExperiment } from './project.ts'

const pipeline = `A.Compose([
    A.HorizontalFlip(p=0.5),
    A.GaussNoise(var_limit=(10, 50)),
    A.Vignette(),
])
`

describe('augment', () => {
  it('writes pictures of image and labels, the same each time, over as many epochs as it takes', async () => {
    const project = await tinyProject()
    writeExperiment(project, 'noisy', {
      ...tiny,
      augment: [{ name: 'GaussNoise', p: 1 }],
      mix: { name: 'CutMix', p: 1 },
    })
    const written = async (folder: string) => {
      const args = [
        'augment',
        'noisy',
        '--count',
        '30',
        '--output',
        join(project, folder),
        '--json',
        '--project',
        project,
      ]
      const { code, stdout } = await foldwise(args)
      expect(code).toBe(0)
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { file: string; epoch: number; index: number })
    }
    const [first, again] = [await written('a'), await written('b')]
    expect(first.map(({ index }) => index)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
    expect(new Set(first.map(({ epoch }) => epoch)).size).toBeGreaterThan(1)
    const pngs = [first, again].map((list) => list.map(({ file }) => readFileSync(file)))
    expect(pngs[0].every((png, index) => png.equals(pngs[1][index]))).toBe(true)
    const { width, height } = decode(pngs[0][0])
    expect(width).toBe(2 * height + 4)
  })

  it('wants a folder for its pictures', async () => {
    const { code, stderr } = await foldwise(['augment', '--project', await tinyProject()])
    expect(code).toBe(2)
    expect(stderr).toContain('--output DIR')
  })

  it('shows a pipeline of Albumentations, or writes it into an experiment', async () => {
    const project = await tinyProject()
    const file = join(project, 'train.py')
    writeFileSync(file, pipeline)
    const shown = await foldwise(['augment', '--import', file])
    expect(shown.code).toBe(0)
    const augment = [
      { name: 'HorizontalFlip', p: 0.5 },
      { name: 'GaussNoise', std_range: [0.0124, 0.02773] },
    ]
    expect(JSON.parse(shown.stdout)).toEqual({ augment })
    expect(shown.stderr).toContain(`${file}:4: unknown: Vignette`)
    for (const name of ['imported', 'baseline']) {
      const { code, stdout } = await foldwise(['augment', name, '--import', file, '--json', '--project', project])
      expect(code).toBe(0)
      const record = recordIn(stdout, 'import') as { file: string; notes: unknown[] }
      expect(readFileSync(record.file, 'utf8')).toContain('"GaussNoise"')
      expect(record.notes).toHaveLength(2)
    }
  })

  it('points at the line of a text that cannot be read', async () => {
    const file = join(await tinyProject(), 'broken.py')
    writeFileSync(file, 'A.Compose([\n  A.Blur(\n')
    const { code, stderr } = await foldwise(['augment', '--import', file])
    expect(code).toBe(2)
    expect(stderr).toContain('broken.py')
  })
})

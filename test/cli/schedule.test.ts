import { describe, expect, it } from 'vitest'
import { foldwise, recordIn } from './program.ts'
import { tiny, tinyProject, writeExperiment } from './project.ts'

interface ScheduleRecord {
  readonly experiment: string
  readonly scheduler: { readonly name: string }
  readonly lr: number
  readonly epochs: number
  readonly rates: readonly number[]
}

/** A project with an experiment `falling` of five epochs and this schedule. */
async function projectWith(scheduler: object): Promise<string> {
  const project = await tinyProject()
  const optimizer = { name: 'SGD', lr: 0.08 }
  writeExperiment(project, 'falling', { ...tiny, optimizer, scheduler, train: { epochs: 5 } })
  return project
}

describe('schedule', () => {
  it('tells the rate of every epoch', async () => {
    const project = await projectWith({ name: 'StepLR', step_size: 2, gamma: 0.5 })
    const { code, stdout } = await foldwise(['schedule', 'falling', '--json', '--project', project])
    expect(code).toBe(0)
    expect(recordIn(stdout, 'schedule')).toMatchObject({
      experiment: 'falling',
      scheduler: { name: 'StepLR', step_size: 2, gamma: 0.5 },
      lr: 0.08,
      epochs: 5,
      rates: [0.08, 0.08, 0.04, 0.04, 0.02],
    })
  })

  it('draws it: the bars are as long as the rates are high', async () => {
    const project = await projectWith({ name: 'MultiStepLR', milestones: [1, 4], gamma: 0.25 })
    const { stdout } = await foldwise(['schedule', 'falling', '--project', project])
    const lines = stdout.trimEnd().split('\n')
    expect(lines[0]).toBe('falling: MultiStepLR, SGD with lr 0.08')
    expect(lines[2]).toMatch(/^epoch +learning rate$/)
    const bars = ['█'.repeat(48), ...Array.from({ length: 3 }, () => '█'.repeat(12)), '█'.repeat(3)]
    expect(lines.slice(3).map((line) => line.trim().split(/ +/))).toEqual([
      ['1', '8.000e-2', bars[0]],
      ['2', '2.000e-2', bars[1]],
      ['3', '2.000e-2', bars[2]],
      ['4', '2.000e-2', bars[3]],
      ['5', '5.000e-3', bars[4]],
    ])
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  })

  it('takes the baseline without a name', async () => {
    const { stdout } = await foldwise(['schedule', '--json', '--project', await tinyProject()])
    const { experiment, scheduler, rates, epochs, lr } = recordIn(stdout, 'schedule') as ScheduleRecord
    expect({ experiment, scheduler: scheduler.name }).toEqual({
      experiment: 'baseline',
      scheduler: 'CosineAnnealingLR',
    })
    expect(rates).toHaveLength(epochs)
    expect(rates[0]).toBe(lr)
  })

  it('says where an argument is missing or wrong', async () => {
    const project = await projectWith({ name: 'StepLR', gamma: 2 })
    const { code, stderr } = await foldwise(['schedule', 'falling', '--project', project])
    expect(code).toBe(2)
    expect(stderr).toContain('falling.jsonc')
    expect(stderr).toContain('step_size')
  })

  it('says that a rate follows scores, also behind a warm-up', async () => {
    const plateau = { name: 'ReduceLROnPlateau' }
    for (const scheduler of [plateau, { name: 'GradualWarmup', multiplier: 1, total_epoch: 2, after: plateau }]) {
      const project = await projectWith(scheduler)
      const { stdout, stderr } = await foldwise(['schedule', 'falling', '--json', '--project', project])
      expect(stderr).toContain('follows the scores of validation')
      expect(recordIn(stdout, 'schedule')).toMatchObject({ rates: [0.08, 0.08, 0.08, 0.08, 0.08] })
    }
    const { stderr } = await foldwise(['schedule', '--project', await tinyProject()])
    expect(stderr).toBe('')
  })

  it('refuses a cycle that ends before the run', async () => {
    const project = await projectWith({ name: 'OneCycleLR', max_lr: 0.1, total_steps: 4 })
    const { code, stderr } = await foldwise(['schedule', 'falling', '--project', project])
    expect(code).toBe(2)
    expect(stderr).toContain('ends after 4 epochs, the run after 5')
  })
})

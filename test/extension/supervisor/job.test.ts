import { describe, expect, it } from 'vitest'
import { trainerArguments, type Work } from '../../../src/extension/supervisor/job.ts'

function argumentsFor(work: Work, threads = 0): string {
  return trainerArguments({ id: 'a', root: '/data', work }, 'auto', threads).join(' ')
}

describe("a trainer's command line", () => {
  const common = '--json --project /data --device auto'

  it('names experiment, fold and seed', () => {
    expect(argumentsFor({ kind: 'train', experiment: 'cutout', fold: 2, seed: 7 })).toBe(
      `train cutout --fold 2 --seed 7 ${common}`,
    )
  })

  it("leaves the seed out for the experiment's own", () => {
    expect(argumentsFor({ kind: 'train', experiment: 'cutout', fold: 0 })).toBe(`train cutout --fold 0 ${common}`)
  })

  it('names the checks of a debug run that are wanted', () => {
    expect(argumentsFor({ kind: 'debug', experiment: 'cutout', fold: 0, checks: ['a', 'b'] })).toBe(
      `debug cutout --fold 0 --check a --check b ${common}`,
    )
  })

  it('resumes a run by its name', () => {
    expect(argumentsFor({ kind: 'resume', experiment: 'cutout', fold: 0, run: 'cutout.f0.s0' })).toBe(
      `train --resume cutout.f0.s0 ${common}`,
    )
  })

  it('says the number of threads where it is set', () => {
    expect(argumentsFor({ kind: 'debug', experiment: 'cutout', fold: 1 }, 3)).toBe(
      `debug cutout --fold 1 ${common} --threads 3`,
    )
  })
})

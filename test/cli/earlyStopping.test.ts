import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runResultSchema } from '../../src/protocol/runFolder.ts'
import { Foldwise, eventsIn, foldwise } from './program.ts'
import { eventsOf, numbersOf, tiny, tinyProject, writeExperiment } from './project.ts'

const run = 'tiny.f0.s0'
// No score of 0 … 1 improves by 1: training ends after the first epoch and two more.
const stopping = {
  ...tiny,
  train: { epochs: 9, monitor: 'loss', early_stopping: { patience: 2, min_delta: 1, monitor: 'IoU:disc' } },
}

async function project(): Promise<string> {
  const folder = await tinyProject()
  writeExperiment(folder, 'tiny', stopping)
  return folder
}

describe('a run that stops early', () => {
  it('says why, keeps the best epoch by the monitored score, and ends alike where it was killed on the way', async () => {
    const [reference, interrupted] = [await project(), await project()]
    const trained = await foldwise(['train', 'tiny', '--fold', '0', '--json', '--project', reference])
    expect(trained.code).toBe(0)
    const events = eventsIn(trained.stdout)
    const losses = events.flatMap((event) => (event.type === 'epoch' ? [event.valid.loss!] : []))
    expect(losses).toHaveLength(3)
    expect(events.at(-1)).toMatchObject({
      type: 'finished',
      epoch: 3,
      reason: expect.stringContaining('IoU:disc') as string,
      best: { metric: 'loss', value: Math.min(...losses), epoch: 1 + losses.indexOf(Math.min(...losses)) },
    })
    const result = readFileSync(join(reference, 'foldwise', 'results', `${run}.json`), 'utf8')
    expect(runResultSchema.parse(JSON.parse(result)).best.metric).toBe('loss')

    const first = new Foldwise(['train', 'tiny', '--fold', '0', '--json', '--project', interrupted])
    await first.event('step', ({ epoch }) => epoch === 3)
    first.process.kill('SIGKILL')
    await first.ended
    const resumed = await foldwise(['train', '--resume', run, '--project', interrupted])
    expect(resumed.stderr).toContain(
      'Stopped early: IoU:disc of validation has not improved by more than 1 for 2 epochs',
    )
    expect(resumed.code).toBe(0)
    expect(numbersOf(eventsOf(interrupted, run))).toEqual(numbersOf(eventsOf(reference, run)))
  })

  it('is refused where the project has no such class, with the nearest', async () => {
    const folder = await tinyProject()
    writeExperiment(folder, 'tiny', { ...tiny, train: { early_stopping: { monitor: 'IoU:dics' } } })
    const { code, stderr } = await foldwise(['train', 'tiny', '--fold', '0', '--project', folder])
    expect(stderr).toContain('Did you mean "IoU:disc"?')
    expect(code).toBe(2)
  })
})

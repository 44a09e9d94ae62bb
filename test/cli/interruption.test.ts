import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Foldwise, eventsIn, foldwise } from './program.ts'
import { eventsOf, numbersOf, runFile, temporaryFolder, tiny, tinyProject, writeExperiment } from './project.ts'

const run = 'tiny.f0.s0'
const train = ['train', 'tiny', '--fold', '0', '--json']

function weightsOf(project: string, kind: 'last' | 'best' = 'last'): Buffer {
  return readFileSync(runFile(project, run, `checkpoints/${kind}.safetensors`))
}

/** A project in which the run was never interrupted. */
async function uninterrupted(): Promise<string> {
  const project = await tinyProject()
  expect((await foldwise([...train, '--project', project])).code).toBe(0)
  return project
}

function expectSame(project: string, reference: string): void {
  expect(numbersOf(eventsOf(project, run))).toEqual(numbersOf(eventsOf(reference, run)))
  for (const kind of ['last', 'best'] as const)
    expect(weightsOf(project, kind).equals(weightsOf(reference, kind))).toBe(true)
  expect(readFileSync(runFile(project, run, 'scores.ndjson'), 'utf8')).toBe(
    readFileSync(runFile(reference, run, 'scores.ndjson'), 'utf8'),
  )
}

describe('a run that was killed in its second epoch', () => {
  it('goes on as if nothing had happened, also behind a torn last line', async () => {
    const reference = await uninterrupted()
    const project = await tinyProject()
    const first = new Foldwise([...train, '--project', project])
    await first.event('step', ({ epoch }) => epoch === 2)
    first.process.kill('SIGKILL')
    expect(await first.ended).toMatchObject({ code: null, signal: 'SIGKILL' })
    appendFileSync(runFile(project, run, 'events.ndjson'), '{"type":"step","step":99,"epo')

    const resumed = await foldwise(['train', '--resume', run, '--json', '--project', project])
    expect(resumed.stderr).toBe('')
    expect(resumed.code).toBe(0)
    expect(eventsIn(resumed.stdout).at(0)).toMatchObject({ type: 'started', resumed: { epoch: 2, step: 6 } })
    expect(readFileSync(runFile(project, run, 'events.ndjson'), 'utf8')).not.toContain('"step":99')
    expectSame(project, reference)
  })
})

describe('a run with averaged weights, groups of parameters and a momentum that its schedule moves', () => {
  it('has the same weights, averages and scores after it was killed', async () => {
    const content = {
      ...tiny,
      optimizer: { name: 'AdamP', encoder_lr_factor: 0.5, no_decay_norm_bias: true, weight_decay: 0.1, lookahead: {} },
      scheduler: { name: 'OneCycleLR', max_lr: 0.01 },
      data: { ...tiny.data, accumulate_grad_batches: 4 },
      train: { epochs: 3, ema: { decay: 0.9 }, clip_grad_value: 0.1 },
    }
    const [reference, project] = [await tinyProject(), await tinyProject()]
    for (const each of [reference, project]) writeExperiment(each, 'tiny', content)
    expect((await foldwise([...train, '--project', reference])).code).toBe(0)
    const first = new Foldwise([...train, '--project', project])
    await first.event('step', ({ epoch }) => epoch === 3)
    first.process.kill('SIGKILL')
    await first.ended
    expect((await foldwise(['train', '--resume', run, '--json', '--project', project])).code).toBe(0)
    expectSame(project, reference)
    expect(eventsOf(project, run)).toContainEqual(
      expect.objectContaining({ type: 'checkpoint', kind: 'best', weights: 'ema' }),
    )
    // The best of the last epoch is the average, not what goes on training.
    expect(weightsOf(project, 'best').equals(weightsOf(project))).toBe(false)
    const warnings = eventsOf(project, run).flatMap((event) => (event.type === 'warning' ? [event.message] : []))
    expect(warnings.join('\n')).toContain('this is not a batch of 12')
  })
})

describe('a run whose learning rate follows its scores', () => {
  it('has the same rates after it was killed', async () => {
    // No score can be better than the first by 1: from the third epoch on the rate falls.
    const scheduler = { name: 'ReduceLROnPlateau', mode: 'max', patience: 0, factor: 0.5, threshold: 1, threshold_mode: 'abs' } // prettier-ignore
    const content = { ...tiny, optimizer: { name: 'SGD', lr: 0.08 }, scheduler, train: { epochs: 4 } }
    const [reference, project] = [await tinyProject(), await tinyProject()]
    for (const each of [reference, project]) writeExperiment(each, 'tiny', content)
    expect((await foldwise([...train, '--project', reference])).code).toBe(0)
    const first = new Foldwise([...train, '--project', project])
    await first.event('step', ({ epoch }) => epoch === 4)
    first.process.kill('SIGKILL')
    await first.ended
    expect((await foldwise(['train', '--resume', run, '--json', '--project', project])).code).toBe(0)
    const steps = eventsOf(project, run).filter((event) => event.type === 'step')
    expect([...new Map(steps.map(({ epoch, lr }) => [epoch, lr])).values()]).toEqual([0.08, 0.08, 0.04, 0.02])
    expectSame(project, reference)
  })
})

describe('Ctrl-C', () => {
  it('stops after the step with a checkpoint and code 3; the run goes on from there', async () => {
    const reference = await uninterrupted()
    const project = await tinyProject()
    const first = new Foldwise([...train, '--project', project])
    await first.event('step', ({ step }) => step === 8)
    first.process.kill('SIGINT')
    const { code, stdout, stderr } = await first.ended
    expect(code).toBe(3)
    expect(stderr).toContain('stopping after this step')
    const stopped = eventsIn(stdout).at(-1)
    expect(stopped).toMatchObject({ type: 'stopped', epoch: 2 })

    const resumed = await foldwise(['train', '--resume', run, '--json', '--project', project])
    expect(resumed.code).toBe(0)
    const step = stopped?.type === 'stopped' ? stopped.step : undefined
    expect(eventsIn(resumed.stdout).at(0)).toMatchObject({ type: 'started', resumed: { epoch: 2, step } })
    expectSame(project, reference)
  })

  it('ends at once the second time', async () => {
    const project = await tinyProject()
    writeExperiment(project, 'tiny', { ...tiny, train: { epochs: 1000 } })
    const running = new Foldwise([...train, '--project', project])
    await running.event('started')
    running.process.kill('SIGTERM')
    running.process.kill('SIGINT')
    const { code, signal } = await running.ended
    // Both may arrive in either order, and the step may be over before the second.
    expect([3, null]).toContain(code)
    if (code === null) expect(['SIGINT', 'SIGTERM']).toContain(signal)
  })

  it('trains no further fold', async () => {
    const project = await tinyProject()
    const running = new Foldwise(['train', 'tiny', '--fold', 'all', '--json', '--project', project])
    await running.event('step')
    running.process.kill('SIGTERM')
    const { code, stdout } = await running.ended
    expect(code).toBe(3)
    expect(eventsIn(stdout).filter(({ type }) => type === 'started')).toHaveLength(1)
  })
})

describe('a second trainer', () => {
  it('on a run that is being trained is refused, and disturbs nothing', async () => {
    const project = await tinyProject()
    writeExperiment(project, 'tiny', { ...tiny, train: { epochs: 1000 } })
    const first = new Foldwise([...train, '--project', project])
    await first.event('step')
    const { code, stdout, stderr } = await foldwise(['train', '--resume', run, '--project', project])
    expect(stderr).toContain(`run ${run} is being trained by process ${first.process.pid}`)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    writeFileSync(runFile(project, run, 'control'), 'stop\n')
    expect((await first.ended).code).toBe(3)
  })
})

// A disk of one's own, which nobody else sees and which ends with the process.
const hasPrivateMounts =
  process.platform === 'linux' && spawnSync('unshare', ['--map-root-user', '--mount', 'true']).status === 0
const onSmallDisk = 'mount -t tmpfs -o size=4m none "$1" && cp -r "$2/." "$1" && shift 2 && exec "$@"'

describe('a full disk', () => {
  const title = 'ends the run with one message and code 1, without a torn file'
  it.runIf(hasPrivateMounts)(hasPrivateMounts ? title : `${title} [skipped: no private mounts here]`, async () => {
    const source = await tinyProject()
    const disk = temporaryFolder()
    const script = `${onSmallDisk}; code=$?; echo; exit $code`
    const ls = 'status=$?; ls -R "$DISK/foldwise/runs" >&2; exit $status'
    const wrapper = ['env', `DISK=${disk}`, 'unshare', '--map-root-user', '--mount', 'bash', '-c', script, 'bash', disk, source, 'bash', '-c', `"$@"; ${ls}`, 'bash'] // prettier-ignore
    const { code, stdout, stderr } = await new Foldwise([...train, '--project', disk], { wrapper }).ended
    expect(stderr).toContain('no space left to write this file')
    expect(stderr).toContain('Free space on this disk')
    expect(stderr).not.toMatch(/\.tmp$/m)
    expect(stderr).not.toContain('    at ')
    expect(code).toBe(1)
    expect(eventsIn(stdout).filter(({ type }) => type === 'failed')).toMatchObject([{ code: 'disk-full' }])
    expect(existsSync(runFile(disk, run, 'events.ndjson'))).toBe(false)
  })
})

import type { RunSummary } from '../../runs/runSummary.ts'
import type { Job } from '../supervisor/job.ts'

/** Something that is being trained: by this window's queue, or by a process that a terminal started. */
export interface Training {
  readonly root: string
  /** What the person sees: the run's name, the experiment's before there is a run. */
  readonly name: string
  readonly run: string | undefined
  /** Its job where our queue trains it. */
  readonly job: Job | undefined
}

/** What is in training now, ours first. @param active the queue's job in training with its run, once there is one */
export function trainingsOf(
  projects: readonly { readonly root: string; readonly runs: ReadonlyMap<string, RunSummary> }[],
  active: { readonly job: Job; readonly run: string | undefined } | undefined,
): readonly Training[] {
  const isOurs = (root: string, run: string): boolean => active?.job.root === root && active.run === run
  const others = projects.flatMap(({ root, runs }) =>
    [...runs.values()]
      .filter(({ name, phase }) => phase === 'running' && !isOurs(root, name))
      .map(({ name }) => ({ root, name, run: name, job: undefined })),
  )
  if (active === undefined) return others
  const { job, run } = active
  return [{ root: job.root, name: run ?? job.work.experiment, run, job }, ...others]
}

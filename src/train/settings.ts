import { availableParallelism } from 'node:os'

/** Threads that decode and augment ahead of the trainer: one keeps a two-core machine fed, more only steal its cores. */
export function loaderWorkers(): number {
  return Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2)))
}

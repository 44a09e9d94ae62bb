import type { ExperimentFacts } from './experimentFacts.ts'
import type { RunFacts } from './runFacts.ts'

/*
 * What the manifest's menus ask of a row (`viewItem =~ /…/`): its kind, then what is true of it, each after a dot.
 *   experiment [.baseline] .file|.broken|.missing [.results]
 *   fold [.file]
 *   run .running|.finished|.stopped|.failed|.interrupted|.elsewhere [.debug] [.resumable] [.predictions]
 * Rows of other kinds carry their kind alone.
 */

export function experimentContext({ isBaseline, file, isTrained }: ExperimentFacts): string {
  return context('experiment', {
    baseline: isBaseline,
    [file === 'there' ? 'file' : file]: true,
    results: isTrained,
  })
}

export function foldContext({ file }: ExperimentFacts): string {
  return context('fold', { file: file === 'there' })
}

export interface RunKind {
  readonly isDebug: boolean
  readonly hasPredictions: boolean
}

export function runContext({ phase, isResumable }: RunFacts, { isDebug, hasPredictions }: RunKind): string {
  return context('run', { [phase]: true, debug: isDebug, resumable: isResumable, predictions: hasPredictions })
}

function context(kind: string, truths: Readonly<Record<string, boolean>>): string {
  return [kind, ...Object.keys(truths).filter((each) => truths[each])].join('.')
}

import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import { loadExperiment } from '../../runs/experiments.ts'
import type { Services } from '../services.ts'
import type { ProjectStore } from '../store/projectStore.ts'
import { scoreText } from '../texts.ts'
import type { Known, Standing } from './standing.ts'

/** What a project knows of its runs. @throws UserError of a broken project file */
export async function knownOf({ queue }: Services, store: ProjectStore): Promise<Known> {
  await store.loaded
  return {
    root: store.workspace.root,
    results: store.results,
    runs: store.runs,
    jobs: queue?.jobs ?? [],
    metric: store.project().primary_metric,
    ownSeed: (experiment) => ownSeed(store, experiment),
  }
}

/** The seed an experiment's file names; undefined where the file is broken: the trainer will say how. */
function ownSeed({ workspace }: ProjectStore, experiment: string): number | undefined {
  try {
    const { train } = loadExperiment(workspace, experiment).conditions as {
      readonly train?: { readonly seed?: unknown }
    }
    const seed = train?.seed ?? 0
    return typeof seed === 'number' ? seed : undefined
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

/** `trained: mIoU 0.714`, `in training`, `waiting`; empty where there is nothing. */
export function standingText(standing: Standing | undefined, metric: string): string {
  switch (standing?.state) {
    case undefined:
      return ''
    case 'training':
      return vscode.l10n.t('in training')
    case 'waiting':
      return vscode.l10n.t('in the queue')
    case 'trained':
      return vscode.l10n.t('trained: {0} {1}', metric, scoreText(standing.score))
  }
}

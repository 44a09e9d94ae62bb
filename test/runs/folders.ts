import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createProject } from '../../src/runs/workspace.ts'
import type { Workspace } from '../../src/runs/workspace.ts'

/** An empty folder that is deleted after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'foldwise-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

export const projectSample = {
  dataset: {
    images: 'images',
    masks: 'masks',
    classes: [
      { id: 0, name: 'background' },
      { id: 1, name: 'cell' },
    ],
  },
  split: { method: 'KFold', n_splits: 5 },
}

/** A project without experiments in a folder of its own. */
export function temporaryProject(): Promise<Workspace> {
  return createProject(temporaryFolder(), projectSample, {})
}

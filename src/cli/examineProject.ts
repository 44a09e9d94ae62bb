import { examineDataset, type Examination } from '../data/scan/examination.ts'
import { readProject } from '../runs/project.ts'
import type { Workspace } from '../runs/workspace.ts'
import { CountBar } from './output/countBar.ts'
import type { Output } from './output/output.ts'
import { untilStopped } from './untilStopped.ts'

/** Looks at every image and mask of the project, with progress; undefined where a person stopped it. */
export async function examineProject(
  workspace: Workspace,
  output: Output,
  verb: string,
): Promise<Examination | undefined> {
  const { project } = readProject(workspace)
  const bar = new CountBar(output, 'images')
  const onProgress = (done: number, total: number): void => {
    bar.show(done, total)
  }
  return untilStopped(output, { verb }, 'What was read is remembered.', async (signal) => {
    try {
      return await examineDataset(workspace.root, project, { onProgress, signal })
    } finally {
      bar.close()
    }
  })
}

import { parseProject } from '../../../src/core/project.ts'
import { examineDataset, type Examination } from '../../../src/data/scan/examination.ts'

/** The examination of images/ and masks/ with class ids 0, 1 … */
export async function examined(root: string, names: readonly string[], split: object): Promise<Examination> {
  const classes = names.map((name, id) => ({ id, name }))
  const dataset = { images: 'images', masks: 'masks', classes, ignore_index: null }
  return examineDataset(
    root,
    parseProject({ dataset, split }, () => ({ file: 'project.jsonc', line: 1 })),
  )
}

import { parseProject } from '../../../src/core/project.ts'
import type { DatasetFormatName } from '../../../src/core/datasetFormats.ts'
import type { Project } from '../../../src/core/projectSchema.ts'
import { countClassPixels } from '../../../src/data/classPixels.ts'
import type { PairedFolders } from '../../../src/data/folders.ts'
import { listPairs } from '../../../src/data/formats/registry.ts'
import { inspectFolder, type InspectChoice } from '../../../src/data/inspect/inspect.ts'
import { maskRules } from '../../../src/data/maskRules.ts'
import { readPairSizes } from '../../../src/data/pairSizes.ts'

/** A data set as `foldwise init` recognises it and training reads it. */
export interface ReadDataset {
  readonly project: Project
  readonly paired: PairedFolders
  readonly sentences: readonly string[]
  /** Pixels by mask value, ignored ones under `void`; classes without a pixel are left out. */
  readonly perImage: Readonly<Record<string, Record<string, number>>>
  readonly all: Readonly<Record<string, number>>
}

export async function readAsInit(
  root: string,
  format?: DatasetFormatName,
  choice: Partial<InspectChoice> = {},
): Promise<ReadDataset> {
  const { proposal, sentences } = await inspectFolder({ root, format, ...choice })
  const project = parseProject(proposal, () => ({ file: 'proposal' }))
  return { sentences, ...(await readProject(root, project)) }
}

async function readProject(root: string, project: Project): Promise<Omit<ReadDataset, 'sentences'>> {
  const paired = await listPairs({ root, ...project.dataset })
  await readPairSizes(paired.pairs)
  const rules = maskRules(project)
  const { perMask } = await countClassPixels(paired.pairs.map(({ mask }) => mask), rules) // prettier-ignore
  const all: Record<string, number> = {}
  const perImage = Object.fromEntries(
    paired.pairs.map(({ name }, index) => {
      const { pixels, ignored } = perMask[index]
      const named = [...rules.classes.ids.map((id, c) => [String(id), pixels[c]] as const), ['void', ignored] as const]
      const counts = Object.fromEntries(named.filter(([, count]) => count > 0))
      for (const [id, count] of Object.entries(counts)) all[id] = (all[id] ?? 0) + count
      return [name, counts]
    }),
  )
  return { project, paired, perImage, all }
}

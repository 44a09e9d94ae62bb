import { UserError } from '../../core/errors.ts'
import type { Project } from '../../core/projectSchema.ts'
import type { SplitOfImages } from '../../core/splits/splitImages.ts'
import type { PairedFolders } from '../folders.ts'
import { listPairs } from '../formats/registry.ts'
import { groupOfImages, splitPairs } from '../imageFacts.ts'
import { maskRules, type MaskRules } from '../maskRules.ts'
import { ScanCache } from './scanCache.ts'
import { scanPairs, type PairScan, type ScanOptions } from './scanPairs.ts'

/** A project's data set, looked at as a whole. */
export interface Examination {
  readonly root: string
  readonly project: Project
  readonly rules: MaskRules
  readonly pairing: PairedFolders
  /** In the order of `pairing.pairs`. */
  readonly scans: readonly PairScan[]
  /** undefined where the images cannot be split as the project says. */
  readonly split: SplitOfImages | undefined
  readonly splitFault: UserError | undefined
  /** Group of each image by its name, where the project names groups. */
  readonly groups: ReadonlyMap<string, string> | undefined
}

/**
 * Reads every image and mask and splits them. Faults of files are part of what is found.
 * @throws UserError where no images can be paired at all, or there are too many classes
 */
export async function examineDataset(
  root: string,
  project: Project,
  options: Pick<ScanOptions, 'onProgress' | 'signal'> = {},
): Promise<Examination> {
  const rules = maskRules(project)
  const pairing = await listPairs({ root, ...project.dataset, allowUnpaired: true })
  const scans = await scanPairs(pairing.pairs, { ...options, rules, cache: new ScanCache(root, rules) })
  const found = { root, project, rules, pairing, scans }
  try {
    const groups = groupOfImages(root, project, pairing.pairs)
    return { ...found, groups, split: await splitPairs(root, project, pairing.pairs), splitFault: undefined }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { ...found, groups: undefined, split: undefined, splitFault: error }
  }
}

import type { DatasetFormatName } from '../../core/datasetFormats.ts'
import type { PairedFolders } from '../folders.ts'
import { cityscapes } from './cityscapes.ts'
import { coco } from './coco.ts'
import { cocoPanoptic } from './cocoPanoptic.ts'
import { folders } from './folders.ts'
import type { DatasetFormat, DatasetPlace } from './format.ts'
import { instanceFolders } from './instanceFolders.ts'
import { labelme } from './labelme.ts'
import { rleCsv } from './rleCsv.ts'
import { voc } from './voc.ts'

/** Every format; `foldwise init` tries them in this order, so the general ones come last. */
export const formats: Readonly<Record<DatasetFormatName, DatasetFormat>> = {
  voc,
  cityscapes,
  coco_panoptic: cocoPanoptic,
  coco,
  labelme,
  rle_csv: rleCsv,
  instance_folders: instanceFolders,
  folders,
}

/** The images of a data set with their masks. @throws UserError for whatever cannot be read or paired */
export async function listPairs(place: DatasetPlace): Promise<PairedFolders> {
  return formats[place.format ?? 'folders'].listPairs(place)
}

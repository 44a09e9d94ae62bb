import type { DatasetFormatName } from '../../core/datasetFormats.ts'
import type { Project } from '../../core/projectSchema.ts'
import type { PairedFolders } from '../folders.ts'

type Dataset = Project['dataset']

/** Where a data set lies; the dataset of a project with the folder of its workspace. */
export interface DatasetPlace {
  /** Absolute path of the workspace; nothing outside it is read. */
  readonly root: string
  readonly format?: DatasetFormatName
  /** Relative to `root`. */
  readonly images: string
  readonly masks: string
  readonly unlabelled?: number
  readonly classes?: Dataset['classes']
  /** Images without a mask are left out with a warning; otherwise they are an error. */
  readonly allowUnpaired?: boolean | undefined
}

/** What `foldwise init` is told of a folder. */
export interface RecogniseChoice {
  readonly root: string
  /** Named by the user; looked for where left out. */
  readonly images?: string | undefined
  readonly masks?: string | undefined
}

/** A data set in a format, as far as its files say it. */
export interface Recognised {
  readonly images: string
  readonly masks: string
  /** Left out where the masks themselves must tell. */
  readonly classes?: Pick<Dataset, 'classes' | 'ignore_index'>
  readonly unlabelled?: number
  /** Regular expression whose first capture group says which images belong together, where the layout says it. */
  readonly group?: string
  /** How it is known, one sentence each. */
  readonly sentences: readonly string[]
}

/** A way in which data sets lie on the disk. */
export interface DatasetFormat {
  /** Looks for it below a folder; undefined where it is not there. @throws UserError for a file that is of it and broken */
  readonly recognise: (choice: RecogniseChoice) => Promise<Recognised | undefined>
  /** @throws UserError for whatever cannot be read or paired, with every fault that is found */
  readonly listPairs: (place: DatasetPlace) => Promise<PairedFolders>
}

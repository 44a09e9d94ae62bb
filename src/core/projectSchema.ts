import * as z from 'zod'
import { datasetFormatNames, datasetFormats } from './datasetFormats.ts'
import { experimentName } from './experimentFile.ts'
import { relativePath } from './relativePath.ts'
import type { ProjectSplit } from './splits/projectSplit.ts'

const classSchema = z.strictObject({
  id: z.int().min(0).max(65535).describe('Value of the class in the masks; ids need not be contiguous.'),
  name: z.string().min(1).describe('Name shown in tables and pictures.'),
  color: z
    .string()
    .regex(/^#[0-9A-Fa-f]{6}$/, 'must be written #rrggbb')
    .optional()
    .describe('Colour in pictures, #rrggbb; with colour-coded masks also the colour in the masks.'),
})

const relativeFolder = relativePath('folder')

const datasetSchema = z.strictObject({
  format: z
    .enum(datasetFormatNames)
    .default('folders')
    .describe(
      `How the data set lies on the disk. ${Object.entries(datasetFormats)
        .map(([name, summary]) => `${name}: ${summary}`)
        .join(' ')}`,
    ),
  images: relativeFolder.describe('Folder of the images, relative to the workspace.'),
  masks: relativePath('folder or file').describe(
    'Folder of the masks, or file of annotations where the format has one, relative to the workspace.',
  ),
  unlabelled: z
    .int()
    .min(0)
    .max(65535)
    .optional()
    .describe(
      'Only where masks are drawn from annotations: value of the pixels that none covers, 0 unless given. The same as ignore_index leaves them out.',
    ),
  classes: z.array(classSchema).min(1).describe('The classes to tell apart, background included.'),
  ignore_index: z
    .int()
    .min(0)
    .max(65535)
    .nullable()
    .default(255)
    .describe('Mask value of pixels that are neither trained nor scored; null when there is none.'),
  mask_encoding: z
    .enum(['auto', 'index', 'palette', 'color'])
    .default('auto')
    .describe(
      'How masks hold classes: grey values (index), palette indices (palette), class colours (color); auto looks at the files.',
    ),
})

/** Position of the first value that occurred before; −1 when all differ. */
function firstRepeat(values: readonly unknown[]): number {
  return values.findIndex((value, i) => values.indexOf(value) < i)
}

const checkedDataset = datasetSchema.superRefine(
  ({ classes, ignore_index: ignored, mask_encoding: encoding }, context) => {
    const complain = (index: number, key: string, message: string): void => {
      if (index >= 0) context.addIssue({ code: 'custom', path: ['classes', index, key], message })
    }
    complain(firstRepeat(classes.map(({ id }) => id)), 'id', 'another class has the same id.')
    complain(firstRepeat(classes.map(({ name }) => name)), 'name', 'another class has the same name.')
    complain(
      classes.findIndex(({ id }) => id === ignored),
      'id',
      'this id is also ignore_index.',
    )
    if (encoding !== 'color') return
    complain(
      classes.findIndex(({ color }) => color === undefined),
      'color',
      'colour-coded masks need the colour of every class.',
    )
    complain(
      firstRepeat(classes.map(({ color }) => color?.toLowerCase())),
      'color',
      'another class has the same colour.',
    )
  },
)

/** The schema of `foldwise/project.jsonc` over the ways to split that the reader knows. */
export function projectSchemaOver(split: z.ZodType<ProjectSplit>) {
  return z.strictObject({
    $schema: z.string().optional(),
    dataset: checkedDataset.describe('Images, masks and classes.'),
    split: split.describe('How images are divided into training and validation; shared by all experiments.'),
    primary_metric: z
      .enum(['mIoU', 'dice', 'pixelAccuracy'])
      .default('mIoU')
      .describe('Score that ranks experiments and picks the best epoch.'),
    baseline: experimentName.default('baseline').describe('Experiment that all others are measured against.'),
    debug: z
      .strictObject({
        samples: z.int().min(1).default(64).describe('Training images in a debug run, chosen by the seed.'),
        epochs: z.int().min(1).default(2).describe('Epochs of a debug run.'),
      })
      .prefault({})
      .describe('A short run that shows whether the loss falls at all.'),
  })
}

/** `foldwise/project.jsonc` with every default filled in. */
export type Project = Readonly<z.infer<ReturnType<typeof projectSchemaOver>>>

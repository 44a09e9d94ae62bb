import * as z from 'zod'
import { experimentName } from './experimentFile.ts'
import { parseWith, type Locate } from './issues.ts'
import type { SplitNeed } from './splits/method.ts'
import { splits } from './splits/registry.ts'

/** A path that does not lead out of the workspace. @param what a folder or file, for the message */
function relativePath(what: string): z.ZodString {
  return z
    .string()
    .min(1)
    .refine(
      (path) => !/^([\\/]|[A-Za-z]:)/.test(path) && !path.split(/[\\/]/).includes('..'),
      `must be a ${what} inside the workspace, written relative to it`,
    )
}

const relativeFolder = relativePath('folder')

function relativeFile(description: string): z.ZodString {
  return relativePath('file').describe(`${description}, relative to the workspace.`)
}

const classSchema = z.strictObject({
  id: z.int().min(0).max(65535).describe('Value of the class in the masks; ids need not be contiguous.'),
  name: z.string().min(1).describe('Name shown in tables and pictures.'),
  color: z
    .string()
    .regex(/^#[0-9A-Fa-f]{6}$/, 'must be written #rrggbb')
    .optional()
    .describe('Colour in pictures, #rrggbb; with colour-coded masks also the colour in the masks.'),
})

const datasetSchema = z.strictObject({
  format: z
    .literal('folders')
    .default('folders')
    .describe('One folder of images, one of masks with the same file stems.'),
  images: relativeFolder.describe('Folder of the images, relative to the workspace.'),
  masks: relativeFolder.describe('Folder of the masks, relative to the workspace.'),
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

/** A column of a CSV file that says something of each image. */
const columnShape = {
  file: relativeFile('CSV file with a header line'),
  column: z.string().min(1).describe('Column that holds the value of each image.'),
  image: z
    .string()
    .min(1)
    .default('image')
    .describe('Column that names the images, as their files are called, with or without folder and ending.'),
}

const columnSchema = z.strictObject(columnShape)

const groupSchema = z
  .strictObject({
    pattern: z
      .string()
      .min(1)
      .optional()
      .describe('Regular expression on the file name; its first capture group, or else the whole match, is the group.'),
    file: columnShape.file.optional(),
    column: columnShape.column.optional(),
    image: columnShape.image,
  })
  .refine(
    ({ pattern, file, column }) => (pattern === undefined) !== (file === undefined && column === undefined),
    'needs either "pattern" or "file" and "column".',
  )
  .refine(({ file, column }) => (file === undefined) === (column === undefined), 'needs "file" and "column" together.')

/** Methods that must know something of the images say so by these keys in the project file. */
const needKeys: Readonly<Record<SplitNeed, z.ZodRawShape>> = {
  groups: { group: groupSchema.describe('Which images belong together.') },
  labels: {
    labels: z
      .union([z.literal('dominant'), columnSchema])
      .default('dominant')
      .describe(
        'What the folds shall have in equal shares: "dominant" is the class with most pixels in the image, the first class (the background) left out; or a column of a CSV file.',
      ),
  },
  classes: {
    labels: z
      .literal('presence')
      .default('presence')
      .describe('What the folds shall have in equal shares: the images that show a class, for every class.'),
  },
  folds: {
    folds: columnSchema.describe(
      'The column with the fold in which each image validates; −1 or nothing: it always trains.',
    ),
  },
}

const splitOptions = splits.all.map((method) =>
  method.arguments
    .safeExtend({
      method: z.literal(method.name).describe(method.summary),
      ...Object.assign({}, ...method.needs.map((need) => needKeys[need])),
    })
    .strict(),
)

/** A column of a CSV file, relative to the workspace. */
export type ImageColumn = z.infer<typeof columnSchema>

/** The split as written: the method, its own arguments under their own names, and what the method must know of the images. */
export interface ProjectSplit {
  readonly method: string
  readonly group?: { readonly pattern?: string | undefined } & Partial<ImageColumn>
  readonly labels?: 'dominant' | 'presence' | ImageColumn
  readonly folds?: ImageColumn
  readonly [argument: string]: unknown
}

const splitSchema = z.discriminatedUnion(
  'method',
  splitOptions as unknown as [z.core.$ZodTypeDiscriminable],
) as unknown as z.ZodType<ProjectSplit>

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

export const projectSchema = z.strictObject({
  $schema: z.string().optional(),
  dataset: checkedDataset.describe('Images, masks and classes.'),
  split: splitSchema.describe('How images are divided into training and validation; shared by all experiments.'),
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

/** `foldwise/project.jsonc` with every default filled in. */
export type Project = Readonly<z.infer<typeof projectSchema>>

/** @throws UserError naming path, value and what is allowed, at the place that `locate` gives */
export function parseProject(value: unknown, locate: Locate): Project {
  return parseWith(projectSchema, value, locate)
}

import * as z from 'zod'
import { relativePath } from '../relativePath.ts'
import type { SplitNeed } from './method.ts'
import type { ProjectSplit } from './projectSplit.ts'
import { splits } from './registry.ts'

/** A column of a CSV file that says something of each image. */
const columnShape = {
  file: relativePath('file').describe('CSV file with a header line, relative to the workspace.'),
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

const splitOptions = splits.all.map(({ name, summary, needs, arguments: schema }) =>
  schema
    .safeExtend({
      method: z.literal(name).describe(summary),
      ...Object.fromEntries(needs.flatMap((need) => Object.entries(needKeys[need]))),
    })
    .strict(),
)

/** `split` of the project file: every method with its arguments, and with what it must know of the images. */
export const splitSchema = z.discriminatedUnion(
  'method',
  splitOptions as unknown as [z.core.$ZodTypeDiscriminable],
) as unknown as z.ZodType<ProjectSplit>

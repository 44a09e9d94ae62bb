import * as z from 'zod'
import { count } from './values.ts'

/**
 * What an editor asks of `foldwise serve`, one JSON object per line on its stdin; the answers come on stdout, each with the
 * id of its question, in any order. The program answers what the host must not do itself: decode images, know every
 * encoder.
 */
const id = count

/** Problems of an experiment's or project's text as it stands in the editor, saved or not. */
const check = z.object({
  id,
  type: z.literal('check'),
  file: z.string().describe('Absolute path of foldwise/project.jsonc or of a file in foldwise/experiments.'),
  text: z.string(),
})

/** A small picture of an image, with its mask over it where one is known, for a hover. */
const picture = z.object({
  id,
  type: z.literal('picture'),
  file: z.string().describe('Absolute path of an image or a mask.'),
  root: z.string().optional().describe('Folder of the project it may belong to.'),
  longestSide: z.int().min(16).max(1024),
})

/** The picture of one validation image with a run's prediction over it, small, for a tooltip. */
const predictionPicture = z.object({
  id,
  type: z.literal('prediction-picture'),
  root: z.string(),
  run: z.string(),
  image: z.string().describe('Name as in scores.ndjson.'),
  longestSide: z.int().min(16).max(1024),
})

/** Everything the overlay view shows of one validation image. */
const layers = z.object({
  id,
  type: z.literal('layers'),
  root: z.string(),
  run: z.string(),
  image: z.string().describe('Name as in scores.ndjson.'),
})

/** The learning rate of every epoch of an experiment, drawn: for a hover, and as a page. */
const schedule = z.object({
  id,
  type: z.literal('schedule'),
  root: z.string(),
  experiment: z.string(),
  text: z
    .string()
    .optional()
    .describe("Of the experiment's file as it stands in the editor; the saved one when left out."),
})

/** What `foldwise init` would recognise in a folder. */
const inspect = z.object({
  id,
  type: z.literal('inspect'),
  folder: z.string(),
  images: z.string().optional().describe('Folder of the images, relative to the asked one; looked for when left out.'),
  masks: z.string().optional().describe('Folder of the masks, relative to the asked one; looked for when left out.'),
})

/** A pipeline of Albumentations, pasted into an experiment. */
const importPipeline = z.object({
  id,
  type: z.literal('import'),
  pasted: z.string().describe('Python text with A.Compose([...]), or what A.save wrote.'),
  document: z.string().describe('The experiment file as it stands.'),
  offset: count.describe('Where in it the text is pasted.'),
})

/** Takes back a question whose answer is not wanted any more. One that has begun is answered all the same. */
const cancel = z.object({ id, type: z.literal('cancel'), question: id.describe('Its id.') })

export const questionSchema = z.discriminatedUnion('type', [
  check,
  picture,
  predictionPicture,
  layers,
  schedule,
  inspect,
  importPipeline,
  cancel,
])
export type Question = z.infer<typeof questionSchema>
export type QuestionOf<Type extends Question['type']> = Extract<Question, { type: Type }>

const classPixels = z.object({ name: z.string(), color: z.string().describe('#rrggbb'), pixels: count })

/** Positions count from 0, as VS Code's do. */
const problem = z.object({
  severity: z.enum(['error', 'warning', 'information']),
  message: z.string(),
  file: z.string(),
  startLine: count,
  startColumn: count,
  endLine: count,
  endColumn: count,
  code: z
    .string()
    .optional()
    .describe('`schema` for what the JSON Schema says of the same text, `syntax` for broken JSON, else what is wrong.'),
  /** Values that would be right here, the nearest first: quick fixes that replace the marked text. */
  replacements: z.array(z.string().describe('JSON text of the value')),
})
export type Problem = z.infer<typeof problem>

const checkAnswer = z.object({ id, type: z.literal('check'), problems: z.array(problem) })

/** `image` is a JPEG or PNG in base64. */
const pictureAnswer = z.object({
  id,
  type: z.literal('picture'),
  mimeType: z.string(),
  image: z.string(),
  width: count.describe('Of the original, pixels.'),
  height: count,
  classes: z.array(classPixels).describe('Pixels per class in the mask or prediction; empty where there is none.'),
  ignored: count.optional().describe('Pixels of the mask that count nowhere; left out where there are none.'),
  note: z.string().optional().describe('What the reader must know, e.g. that no mask was found.'),
})

const predictionPictureAnswer = pictureAnswer.extend({ type: z.literal('prediction-picture') })

const layersAnswer = z.object({
  id,
  type: z.literal('layers'),
  width: count,
  height: count,
  mimeType: z.string().describe('Of the image.'),
  image: z.string().describe('The photograph, base64.'),
  truth: z
    .string()
    .nullable()
    .describe(
      'Grey PNG of [height, width] class indices, 255 = ignored, base64; null without a mask that can be read.',
    ),
  isMaskMissing: z
    .boolean()
    .optional()
    .describe('Whether the image has no mask any more; what is wrong with one that is there stands in the note.'),
  prediction: z.string().nullable().describe('As truth; null where the run has not predicted this image.'),
  classes: z
    .array(z.object({ name: z.string(), color: z.string().describe('#rrggbb') }))
    .optional()
    .describe("The run's classes in the order of the indices, with the colours that all pictures use."),
  note: z.string().optional(),
})

const scheduleAnswer = z.object({
  id,
  type: z.literal('schedule'),
  markdown: z.string().describe('With HTML: one picture and a line of text.'),
  html: z.string().describe('A whole page without scripts.'),
})

const inspectAnswer = z.object({
  id,
  type: z.literal('inspect'),
  images: z.string().describe('Folder, relative to the asked one.'),
  masks: z.string(),
  pairs: count,
  unpaired: count,
  classes: z.array(z.object({ id: count, name: z.string(), color: z.string().optional() })),
  ignoreIndex: count.nullable(),
  sizes: z.array(z.string()).describe('Image sizes, the commonest first, e.g. "480 × 360".'),
  findings: z.array(z.string()).describe('How it was recognised and what is odd, as sentences.'),
  split: z.record(z.string(), z.unknown()).describe('As project.jsonc will say it.'),
  maskEncoding: z.string().describe('How masks hold classes: index, palette, color or auto.'),
  arguments: z.array(z.string()).describe('Command line of foldwise that makes this project without asking.'),
})

const importAnswer = z.object({
  id,
  type: z.literal('import'),
  insert: z.string().describe('JSONC that fits where it is pasted, every difference in a comment before it.'),
})

/** The question that was dropped is answered as well: `failed` with the code `cancelled`. */
const cancelAnswer = z.object({
  id,
  type: z.literal('cancel'),
  dropped: z.boolean().describe('false where it had begun, was answered or never asked.'),
})

/** `code` is `bug` where the program is at fault. A line that cannot be read is answered on id 0. */
const failure = z.object({
  id,
  type: z.literal('failed'),
  message: z.string(),
  hint: z.string().optional(),
  code: z.string(),
})

export const answerSchema = z.discriminatedUnion('type', [
  checkAnswer,
  pictureAnswer,
  predictionPictureAnswer,
  layersAnswer,
  scheduleAnswer,
  inspectAnswer,
  importAnswer,
  cancelAnswer,
  failure,
])
export type Answer = z.infer<typeof answerSchema>
/** The answer to a question of this type; `failed` is thrown as a UserError by the client. */
export type AnswerOf<Type extends Question['type']> = Exclude<Extract<Answer, { type: Type }>, { type: 'failed' }>

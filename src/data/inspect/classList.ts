import { open } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'

const byteLimit = 1_000_000
const channel = z.number().int().min(0).max(255)

const listSchema = z.object({
  ignore_index: z.number().int().nullish(),
  classes: z
    .array(
      z.object({
        id: z.number().int().min(0),
        name: z.string().min(1),
        color: z.tuple([channel, channel, channel]).nullish(),
      }),
    )
    .min(1),
})

/** Classes as a data set's own list names them. */
export interface ClassList {
  readonly file: string
  readonly ignoreIndex: number | null
  readonly classes: readonly { readonly id: number; readonly name: string; readonly color: number | undefined }[]
}

/** The data set's `classes.json` ({ classes: [{ id, name, color? }], ignore_index? }), or undefined where there is no usable one. */
export async function readClassList(root: string): Promise<ClassList | undefined> {
  const file = 'classes.json'
  try {
    const parsed = listSchema.safeParse(JSON.parse(await readText(join(root, file))))
    if (!parsed.success) return undefined
    const { classes, ignore_index: ignoreIndex } = parsed.data
    return {
      file,
      ignoreIndex: ignoreIndex ?? null,
      classes: classes.map(({ id, name, color }) => ({
        id,
        name,
        color: color ? (color[0] << 16) | (color[1] << 8) | color[2] : undefined,
      })),
    }
  } catch {
    // A helpful file that is not there, or not what its name promises, is no fault: ids are named by number then.
    return undefined
  }
}

async function readText(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    if (size > byteLimit) throw new Error(`${path} is too long for a class list`)
    return (await file.readFile('utf8')).replace(/^\uFEFF/, '')
  } finally {
    await file.close()
  }
}

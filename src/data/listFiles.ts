import { readdir, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { UserError } from '../core/errors.ts'
import { readError } from '../runs/diskErrors.ts'
import { formatOfName, isOtherImageName } from './imageFile.ts'

const fileLimit = 200_000
const depthLimit = 8

export interface FileList {
  /** Paths below the folder, with '/', sorted by code point, whatever order the disk gives. */
  readonly files: readonly string[]
  /** What was left out and why. */
  readonly warnings: readonly string[]
}

/**
 * All image files of a folder and its subfolders. Hidden files and folders are left out, and so is every link that leads out
 * of `root` or to a folder.
 * @param folder absolute
 * @param except absolute folders that are left out
 * @throws UserError when the folder cannot be read or holds too many files
 */
export async function listImageFiles(root: string, folder: string, except: readonly string[] = []): Promise<FileList> {
  const files: string[] = []
  const warnings: string[] = []
  const boundary = await realpath(root)
  await visit('', 0)
  return { files: files.sort(compareCodePoints), warnings }

  async function visit(below: string, depth: number): Promise<void> {
    const path = join(folder, below)
    const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
      throw readError(error, path)
    })
    for (const entry of entries) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.name.startsWith('.')) continue
      if (entry.isDirectory()) {
        if (formatOfName(entry.name) !== undefined)
          warnings.push(`${join(folder, name)}: this is a folder, not an image.`)
        if (depth < depthLimit && !except.includes(join(folder, name))) await visit(name, depth + 1)
      } else if (formatOfName(entry.name) !== undefined) {
        if (entry.isFile() || (entry.isSymbolicLink() && (await staysInside(name)))) files.push(name)
        else
          warnings.push(
            `${join(folder, name)}: skipped, ${entry.isSymbolicLink() ? 'a link that leads out of the workspace or nowhere' : 'no regular file'}.`,
          )
      } else if (isOtherImageName(entry.name)) {
        warnings.push(`${join(folder, name)}: this format is not read; convert it to PNG, JPEG, TIFF, WebP or GIF.`)
      }
      if (files.length > fileLimit) throw tooManyFiles(folder)
    }
  }

  async function staysInside(name: string): Promise<boolean> {
    try {
      return (await realpath(join(folder, name))).startsWith(boundary + sep)
    } catch {
      return false
    }
  }
}

function tooManyFiles(folder: string): UserError {
  return new UserError(`this folder holds more than ${fileLimit} images`, {
    file: folder,
    hint: 'Name a folder that holds only this data set.',
    code: 'too-many-files',
  })
}

/** Order of UTF-8 bytes, which is the order of code points; JavaScript's own puts emoji before some Asian letters. */
export function compareCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

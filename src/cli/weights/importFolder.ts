import { readdir } from 'node:fs/promises'
import { basename, extname, join, sep } from 'node:path'
import { UserError } from '../../core/errors.ts'
import type { EncoderDefinition } from '../../model/encoders/encoder.ts'
import { weightFileEndings } from '../../model/weightFile.ts'
import { readError } from '../../runs/diskErrors.ts'
import { importEncoder, type ImportedWeights } from '../encoderImport.ts'

/** Deeper than the hub's own cache: `models--OWNER--NAME/snapshots/COMMIT/model.safetensors`. */
const mostDepth = 6
const mostFiles = 10_000

/** What became of one file of a folder. */
export type FolderImport =
  | { readonly type: 'imported'; readonly file: string; readonly entry: ImportedWeights }
  | { readonly type: 'skipped'; readonly file: string; readonly reason: UserError }

/**
 * Imports every file of a folder, and of those below, whose path says which weights it holds: as `foldwise` itself names
 * them, as the hub does (`smp-hub/resnet18.imagenet`, also in the cache of its tools), or as torchvision does
 * (`resnet18-f37072fd.pth`). Files that do not fit are told and left out.
 * @param encoders whose weights are wanted
 * @throws UserError where the folder cannot be read or has no file of weights that is known by its name
 */
export async function* importFolder(
  folder: string,
  encoders: readonly EncoderDefinition[],
): AsyncGenerator<FolderImport, void> {
  const files = await weightFilesIn(folder)
  let found = 0
  for (const file of files) {
    for (const { encoder, weights } of weightsNamedBy(join(basename(folder), file), encoders)) {
      found++
      const path = join(folder, file)
      try {
        yield { type: 'imported', file: path, entry: await importEncoder(encoder, path, weights) }
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        yield { type: 'skipped', file: path, reason: error }
      }
    }
  }
  if (found > 0) return
  throw new UserError(`No file of this folder is named after weights (${files.length} files looked at).`, {
    file: folder,
    allowed: `resnet18.imagenet.safetensors, smp-hub/resnet18.imagenet/model.safetensors, resnet18-f37072fd.pth, …`,
    hint: 'Name the encoder and one file: foldwise encoders NAME --import FILE --weights W',
    code: 'no-weights',
  })
}

/** Which weights a path stands for; several where encoders share one file. */
export function weightsNamedBy(
  path: string,
  encoders: readonly EncoderDefinition[],
): readonly { readonly encoder: EncoderDefinition; readonly weights: string }[] {
  const parts = path.split(sep)
  const stem = basename(path, extname(path))
  const folders = parts.slice(0, -1).map((part) => part.replace(/^models--.*?--/, ''))
  const isNamed = (name: string): boolean => folders.includes(name) || stem === name || isDigested(stem, name, '.')
  return encoders.flatMap((encoder) => {
    const { name, pretrained } = encoder
    return encoder.weights
      .filter((weights) => {
        const isTorchvision = weights === 'imagenet' && isDigested(stem, name, '-')
        return isTorchvision || isNamed(basename(pretrained[weights].hub)) || isNamed(`${name}.${weights}`)
      })
      .map((weights) => ({ encoder, weights }))
  })
}

/** `NAME.0123456789ab` of our cache, `NAME-01234567` of torchvision. */
function isDigested(stem: string, name: string, divider: '.' | '-'): boolean {
  const digest = stem.startsWith(`${name}${divider}`) ? stem.slice(name.length + 1) : ''
  return /^([0-9a-f]{8}|[0-9a-f]{12})$/.test(digest)
}

async function weightFilesIn(folder: string): Promise<readonly string[]> {
  const files: string[] = []
  const search = async (below: string, depth: number): Promise<void> => {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      const path = join(below, entry.name)
      if (entry.isDirectory() && depth < mostDepth && !entry.name.startsWith('.')) await search(path, depth + 1)
      // The hub's cache links its files.
      else if (!entry.isDirectory() && weightFileEndings.some((ending) => entry.name.endsWith(ending))) files.push(path)
      if (files.length >= mostFiles) return
    }
  }
  try {
    await search('', 0)
  } catch (error) {
    throw readError(error, folder)
  }
  return files.sort()
}

import { lstatSync, realpathSync } from 'node:fs'
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { UserError } from '../core/errors.ts'
import { systemCode } from './diskErrors.ts'

/**
 * Absolute path of `parts` under `root`; neither need exist yet.
 * @throws UserError `outside-workspace` where it leads out of `root`: by `..`, as an absolute path, or through a link.
 */
export function pathInside(root: string, ...parts: readonly string[]): string {
  const path = resolve(root, ...parts)
  if (!isWithin(resolve(root), path)) throw leadsOut(path, root)
  const home = landingPlace(resolve(root))
  const landing = landingPlace(path)
  if (home === undefined || landing === undefined || !isWithin(home, landing)) throw leadsOut(path, root)
  return path
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** Where a write to `path` would land: its deepest existing part without links; undefined for a link to nowhere. */
function landingPlace(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') return undefined
    // A link whose target is missing exists for lstat: writing through it would make the target.
    const isDangling = lstatSync(path, { throwIfNoEntry: false }) !== undefined
    return isDangling ? undefined : landingPlace(dirname(path))
  }
}

function leadsOut(path: string, root: string): UserError {
  return new UserError('this path leads out of the workspace', {
    file: path,
    code: 'outside-workspace',
    allowed: `files and folders inside ${root}`,
    hint: 'Replace the link or the name; to keep runs on another disk, put the whole project there.',
  })
}

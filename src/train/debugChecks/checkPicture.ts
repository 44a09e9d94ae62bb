import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DebugCheckId } from '../../protocol/debugChecks.ts'
import { writeFileAtomic } from '../../runs/atomicFile.ts'
import { pathInside } from '../../runs/containment.ts'
import { writeError } from '../../runs/diskErrors.ts'
import type { RunSession } from '../../runs/runSession.ts'

/**
 * Writes the picture of a check into the run that is held.
 * @returns its path inside the run folder
 * @throws UserError `disk-full` or `cannot-write`
 */
export async function writeCheckPicture({ run }: RunSession, id: DebugCheckId, png: Uint8Array): Promise<string> {
  const name = `checks/${id}.png`
  const file = pathInside(run.path, name)
  try {
    mkdirSync(dirname(file), { recursive: true })
  } catch (error) {
    throw writeError(error, file)
  }
  await writeFileAtomic(file, [png])
  return name
}

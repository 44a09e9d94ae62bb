import { existsSync, readFileSync } from 'node:fs'
import { readError } from './diskErrors.ts'
import { writeFileAtomic } from './atomicFile.ts'
import { pathInside } from './containment.ts'

const header = '# Everything a run made stays on this machine; results/ is what is shared.'
const ignored = 'runs/'

/** Keeps `foldwise/runs/` out of the user's commits. A file that is there already only gains the line it lacks. @param root of the workspace */
export async function ensureGitignore(root: string): Promise<void> {
  const file = pathInside(root, 'foldwise', '.gitignore')
  const text = existsSync(file) ? readText(file) : `${header}\n`
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  if (lines.some((line) => [ignored, '/runs/', 'runs', '/runs'].includes(line))) return
  const separator = text === '' || text.endsWith('\n') ? '' : '\n'
  await writeFileAtomic(file, `${text}${separator}${ignored}\n`)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw readError(error, file)
  }
}

import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { describeUserError, UserError } from '../../src/core/errors.ts'
import { maskRules, type MaskRules } from '../../src/data/maskRules.ts'

/** A class as the shared data sets write it. */
export interface SharedClass {
  readonly id: number
  readonly name: string
  readonly color?: readonly [number, number, number]
}

/** Rules from a shared data set's class list; the ignored id is no class of ours. */
export function rulesOf(classes: readonly SharedClass[], ignoreIndex: number | null): MaskRules {
  const declared = classes.filter(({ id }) => id !== ignoreIndex)
  return maskRules({
    dataset: {
      format: 'folders',
      images: 'images',
      masks: 'masks',
      classes: declared.map(({ id, name, color }) => ({
        id,
        name,
        color: color === undefined ? undefined : hex(color),
      })),
      ignore_index: ignoreIndex,
      mask_encoding: 'auto',
    },
  })
}

function hex(color: readonly number[]): string {
  return `#${color.map((v) => v.toString(16).padStart(2, '0')).join('')}`
}

/** An empty folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'foldwise-data-')))
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

/** The message that a person would see. */
export async function messageOf(action: () => Promise<unknown>): Promise<string> {
  try {
    await action()
  } catch (error) {
    if (error instanceof UserError) return describeUserError(error)
    throw error
  }
  throw new Error('nothing was thrown')
}

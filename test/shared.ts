import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, it } from 'vitest'

/** Folder of the shared references (design, data, weights), or undefined on a machine that does not have it. */
export function sharedPath(...parts: readonly string[]): string | undefined {
  const root = resolve(process.env['FOLDWISE_SHARED'] ?? '../shared')
  return existsSync(root) ? join(root, ...parts) : undefined
}

/** Folder of the reference values; `FOLDWISE_FIXTURES` may point to other values of the same form. */
export function fixturesPath(...parts: readonly string[]): string | undefined {
  const named = process.env['FOLDWISE_FIXTURES']
  const root = named === undefined ? sharedPath('fixtures') : resolve(named)
  return root !== undefined && existsSync(root) ? join(root, ...parts) : undefined
}

function describeWith(path: string | undefined, variable: string, title: string, body: (path: string) => void): void {
  if (path !== undefined && existsSync(path)) {
    describe(title, () => {
      body(path)
    })
    return
  }
  // The body would read what is not there, even in a skipped suite.
  describe.skip(`${title} [skipped: ${variable} does not lead to it]`, () => {
    it('needs the references', () => undefined)
  })
}

/** A suite over reference values; skipped, with the reason in its title, where they are missing. */
export function describeWithFixtures(title: string, folder: string, body: (path: string) => void): void {
  describeWith(fixturesPath(folder), 'FOLDWISE_FIXTURES', title, body)
}

/** A suite over shared data or weights; skipped, with the reason in its title, where they are missing. */
export function describeWithShared(title: string, folder: string, body: (path: string) => void): void {
  describeWith(sharedPath(folder), 'FOLDWISE_SHARED', title, body)
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeUserError, UserError } from '../../src/core/errors.ts'
import { parseProject } from '../../src/core/project.ts'
import type { Finding, Subject } from '../../src/data/doctor/finding.ts'
import { findingsOf } from '../../src/data/doctor/registry.ts'
import { similarImages, type LookedAt } from '../../src/data/doctor/similarImages.ts'
import { pairFolders } from '../../src/data/folders.ts'
import { examineDataset } from '../../src/data/scan/examination.ts'
import { scanPairs } from '../../src/data/scan/scanPairs.ts'
import type { RunResult } from '../../src/protocol/runFolder.ts'
import { describeWithShared } from '../shared.ts'
import { rulesOf, temporaryFolder } from './dataset.ts'
import { examined } from './scan/examined.ts'
import { writePair } from './scan/pairs.ts'

const side = 32
const two = ['background', 'cell']
const kFold = (folds: number): object => ({ method: 'KFold', n_splits: folds })

/** A picture of soft blobs; others of other seeds are unlike it. */
function picture(seed: number): number[] {
  return Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)]
    const wave = Math.sin(x * (0.15 + 0.07 * seed) + seed) + Math.cos(y * (0.4 - 0.05 * seed) + 2 * seed)
    return Math.round(127 + 60 * wave)
  })
}

/** Half background, half class 1. */
const halves = Array.from({ length: side * side }, (_, i) => Number(i % side < side / 2))

function write(root: string, images: Readonly<Record<string, readonly number[]>>): void {
  for (const [name, image] of Object.entries(images)) writePair(root, name, image, halves, side)
}

async function diagnose(root: string, split: object, more: Partial<Subject> = {}): Promise<readonly Finding[]> {
  const examination = await examined(root, two, split)
  return findingsOf({ ...examination, results: [], writtenSplitHash: undefined, ...more })
}

function codesOf(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ code, severity }) => `${severity} ${code}`)
}

describe('the doctor', () => {
  it('finds nothing where nothing is wrong', async () => {
    const root = temporaryFolder()
    write(root, { a: picture(1), b: picture(2), c: picture(3), d: picture(4) })
    expect(await diagnose(root, kFold(2))).toEqual([])
  })

  it('tells one file in training and validation from near duplicates, and names the folds', async () => {
    const root = temporaryFolder()
    write(root, { a: picture(1), b: picture(2), c: picture(1), d: picture(2).map((v) => Math.min(255, v + 9)) }) // prettier-ignore
    const findings = await diagnose(root, kFold(2))
    expect(codesOf(findings)).toEqual(['error leaked-same-file', 'warning leaked-near-duplicate'])
    expect(findings.map(({ files }) => files)).toEqual([['a.png', 'c.png'], ['b.png', 'd.png']]) // prettier-ignore
    expect(findings[0].message).toContain('fold 0, 1')
  })

  it('lets a copy pass, with a note, where no fold divides the two', async () => {
    const root = temporaryFolder()
    write(root, { a: picture(1), b: picture(1), c: picture(2), d: picture(3) })
    expect(codesOf(await diagnose(root, kFold(2)))).toEqual(['note same-file'])
  })

  it('calls different masks of one picture a conflict', async () => {
    const root = temporaryFolder()
    write(root, { a: picture(1), c: picture(2), d: picture(3) })
    writePair(root, 'b', picture(1), halves.map((label) => 1 - label), side) // prettier-ignore
    const conflict = (await diagnose(root, kFold(2))).find(({ code }) => code === 'conflicting-labels')
    expect(conflict).toMatchObject({ severity: 'error', files: ['a.png', 'b.png'] })
  })

  it('finds groups that names show on both sides, and writes the split that keeps them together', async () => {
    const root = temporaryFolder()
    write(root, Object.fromEntries(['x_1', 'x_2', 'x_3', 'y_1', 'y_2', 'y_3'].map((name, i) => [name, picture(i + 1)])))
    const torn = (await diagnose(root, kFold(3))).find(({ code }) => code === 'torn-group')
    expect(torn).toMatchObject({
      severity: 'warning',
      files: ['x_1.png', 'x_2.png', 'x_3.png', 'y_1.png', 'y_2.png', 'y_3.png'],
    })
    const written = JSON.parse(torn?.remedy.slice(torn.remedy.indexOf('{')) ?? '') as object
    expect(codesOf(await diagnose(root, written))).toEqual([])
  })

  it('finds classes that folds cannot train or validate, and masks without objects', async () => {
    const root = temporaryFolder()
    write(root, { a: picture(1) })
    for (const [i, name] of ['b', 'c', 'd'].entries()) writePair(root, name, picture(i + 2), halves.map(() => 0), side) // prettier-ignore
    expect(codesOf(await diagnose(root, kFold(2)))).toEqual([
      'warning class-not-trained',
      'note empty-mask',
      'note class-not-validated',
    ])
  })

  it('says why values mean nothing: smeared by JPEG, or undeclared', async () => {
    const root = temporaryFolder()
    write(root, { a: picture(1), b: picture(2) })
    writePair(root, 'c', picture(3), halves.map((label, i) => (i < 40 ? i : label)), side) // prettier-ignore
    writePair(root, 'd', picture(4), halves.map((label, i) => (i === 5 ? 9 : label)), side) // prettier-ignore
    const findings = await diagnose(root, kFold(2))
    expect(codesOf(findings)).toEqual(['error smeared-mask', 'error undeclared-class'])
    expect(findings.map(({ files }) => files)).toEqual([[join(root, 'masks', 'c.png')], [join(root, 'masks', 'd.png')]]) // prettier-ignore
  })

  it('notes a class of which many objects are lines or specks', async () => {
    const root = temporaryFolder()
    write(root, { a: picture(1), b: picture(2) })
    writePair(root, 'c', picture(3), halves.map((_, i) => Number(i % 4 === 0 && Math.floor(i / side) % 4 === 0)), side) // prettier-ignore
    const thin = (await diagnose(root, kFold(3))).find(({ code }) => code === 'thin-objects')
    expect(thin?.message).toContain('64 of 66 of "cell"')
    expect(thin?.files).toEqual(['c.png'])
  })

  it('says that it cannot speak of leaks where there are no folds', async () => {
    const root = temporaryFolder()
    write(root, { a: picture(1), b: picture(1), c: picture(2) })
    const findings = await diagnose(root, kFold(5))
    expect(codesOf(findings)).toEqual(['error split', 'note same-file'])
    expect(findings[1].message).toContain('cannot be said')
  })

  it('finds results and a written split of other folds', async () => {
    const root = temporaryFolder()
    write(root, { a: picture(1), b: picture(2), c: picture(3), d: picture(4) })
    const { split } = await examined(root, two, kFold(2))
    const result = (run: string, splitHash = ''): RunResult => ({ run, splitHash }) as RunResult
    const results = [result('old.f0.s0', 'abc'), result('new.f0.s0', split?.hash)]
    const findings = await diagnose(root, kFold(2), { results, writtenSplitHash: 'abc' })
    expect(codesOf(findings)).toEqual(['warning results-of-other-split', 'warning written-split-differs'])
    expect(findings[0].files).toEqual(['foldwise/results/old.f0.s0.json'])
  })
})

interface Quirk {
  readonly id: string
  readonly folder: string
  readonly layout: string
  readonly classes: Parameters<typeof rulesOf>[0]
  readonly ignore_index: number | null
  readonly action: 'load' | 'warn' | 'refuse'
  readonly message_must_name?: readonly string[]
  readonly may_refuse?: readonly string[]
  readonly exact_bytes?: readonly (readonly string[])[]
  readonly exact_pixels?: readonly (readonly string[])[]
  readonly near?: readonly string[]
  readonly unrelated?: readonly string[]
  readonly conflicting_labels?: readonly (readonly string[])[]
}

/** Entries that other parts of the product answer. */
const elsewhere = ['split-overlap', 'tiny-1x1', 'ids-0-to-255']
/** Codes about how the few images of an entry would be split. */
const ofSplits = /^(split|class-.*|torn-.*|leaked-.*|same-.*|near-duplicate|results-.*|written-.*)$/

describeWithShared('the doctor among trouble makers', 'data/format-quirks', (folder) => {
  if (folder === '') return
  const { quirks } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as { quirks: readonly Quirk[] }
  const inScope = quirks.filter(({ id, layout }) => layout.startsWith('images/ + masks/') && !elsewhere.includes(id))

  it.each(inScope.map((quirk) => [quirk.id, quirk.action, quirk] as const))('%s: %s', async (_id, action, quirk) => {
    const findings = await findingsIn(quirk)
    const all = findings.map(({ message, files, why, remedy }) => [message, why, remedy, ...files].join(' ')).join('\n')
    for (const name of quirk.message_must_name ?? []) expect(all).toContain(name)
    const ofFiles = findings.filter(({ code }) => !ofSplits.test(code))
    const stems = (quirk.may_refuse ?? []).map((name) => `/${name.split('.')[0]}.`)
    const excused = ofFiles.filter(({ message }) => !stems.some((stem) => message.includes(stem)))
    if (action === 'load') expect(excused.filter(({ severity }) => severity !== 'note')).toEqual([])
    if (action === 'refuse') expect(ofFiles.map(({ severity }) => severity)).toContain('error')
    if (action === 'warn') expect(findings).not.toEqual([])
  })

  async function findingsIn({ folder: name, classes, ignore_index: ignored }: Quirk): Promise<readonly Finding[]> {
    const { classes: index } = rulesOf(classes, ignored)
    const declared = index.ids.map((id, c) => ({ id, name: index.names[c], color: index.colors[c] }))
    const dataset = { images: 'images', masks: 'masks', classes: declared, ignore_index: ignored }
    const project = parseProject({ dataset, split: kFold(2) }, () => ({ file: 'project.jsonc', line: 1 }))
    // Nothing is written into the shared folder: it is read-only, and a cache that cannot be written is none.
    try {
      const examination = await examineDataset(join(folder, name), project)
      return await findingsOf({ ...examination, results: [], writtenSplitHash: undefined })
    } catch (error) {
      // Images that cannot be paired end the command with the message.
      if (!(error instanceof UserError)) throw error
      return [
        { code: 'unpairable', severity: 'error', message: describeUserError(error), files: [], why: '', remedy: '' },
      ]
    }
  }

  it.each(quirks.filter(({ exact_bytes: exact }) => exact !== undefined))(
    '$id: each copy under its kind',
    async (quirk) => {
      const { pairs } = await pairFolders({ root: join(folder, quirk.folder), images: 'images', masks: 'masks' })
      const scans = await scanPairs(pairs, { rules: rulesOf(quirk.classes, quirk.ignore_index) })
      const clusters = similarImages(scans.filter((scan): scan is LookedAt => scan.image !== undefined))
      const found = (kind: string): readonly string[][] =>
        clusters
          .filter(({ likeness }) => likeness === kind)
          .map(({ members }) => members.map(({ pair }) => `images/${pair.name}`))
      expect(found('file')).toEqual(quirk.exact_bytes)
      expect(found('pixels')).toEqual(quirk.exact_pixels)
      const [near, ...others] = found('near')
      expect(others).toEqual([])
      expect(near).toEqual(expect.arrayContaining([...(quirk.near ?? []), ...(quirk.exact_pixels?.[0] ?? [])]))
      for (const name of quirk.unrelated ?? []) expect(near).not.toContain(name)
    },
  )
})

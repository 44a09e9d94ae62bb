import { maskName } from '../masks/maskSource.ts'
import type { ImageFold } from '../../core/splits/splitImages.ts'
import { hasNoObject, wholeScans, type WholeScan } from '../scan/scanPairs.ts'
import { someOf, type Check, type Finding } from './finding.ts'

/** Share of a class's objects, and least number of them, from which thin ones are worth a word. */
const thinShare = 0.2
const thinCount = 10

const project = 'foldwise/project.jsonc'

/** Masks that teach nothing or little. */
export const emptyMasks: Check = ({ scans }) => {
  const whole = wholeScans(scans)
  const ignored = whole.filter(({ mask }) => mask.classes.every(({ pixels }) => pixels === 0))
  const empty = whole.filter((scan) => hasNoObject(scan) && !ignored.includes(scan))
  const findings: Finding[] = []
  if (ignored.length > 0)
    findings.push({
      code: 'ignored-mask',
      severity: 'warning',
      message: `${ignored.length} masks are ignored in every pixel: ${someOf(ignored.map(({ pair }) => maskName(pair.mask)))}.`,
      files: ignored.map(({ pair }) => maskName(pair.mask)),
      why: 'These images teach nothing and have no score; in a batch of their own the loss has nothing to average.',
      remedy: `Remove them, or correct dataset.ignore_index in ${project}.`,
    })
  if (empty.length > 0)
    findings.push({
      code: 'empty-mask',
      severity: 'note',
      message: `${empty.length} of ${whole.length} masks show the first class alone: ${someOf(namesOf(empty))}.`,
      files: namesOf(empty),
      why: 'They may be images that nobody has labelled yet; a network learns from them that there is nothing.',
      remedy: 'If objects can be seen in them, label them or move them out; if not, all is well.',
    })
  return findings
}

/** Classes that folds cannot learn or score. */
export const classesInFolds: Check = ({ scans, rules, split }) => {
  const byName = new Map(wholeScans(scans).map((scan) => [scan.pair.name, scan]))
  // What a mask that cannot be read shows is not known: nothing is said against it.
  const unread = scans.filter(({ faults }) => faults.length > 0).map(({ pair }) => pair.name)
  const shows = (name: string, label: number): boolean => (byName.get(name)?.mask.classes[label].pixels ?? 0) > 0
  return rules.classes.names.flatMap((name, label) => {
    const showing = [...byName.keys()].filter((image) => shows(image, label))
    if (showing.length === 0) return unread.length === 0 ? [classNowhere(name)] : []
    return split === undefined ? [] : classInFolds(name, showing, unread, split.folds)
  })
}

function classNowhere(name: string): Finding {
  return {
    code: 'class-nowhere',
    severity: 'warning',
    message: `No mask has a pixel of class "${name}".`,
    files: [],
    why: 'It cannot be learned, and wherever it is predicted it costs score.',
    remedy: `Remove it from "classes" in ${project}, or correct its id; it may also be the value that ignore_index names.`,
  }
}

function classInFolds(
  name: string,
  files: readonly string[],
  unread: readonly string[],
  folds: readonly ImageFold[],
): readonly Finding[] {
  const mayShow = new Set([...files, ...unread])
  const without = (side: 'train' | 'validation'): readonly number[] =>
    folds.flatMap((fold, index) => (fold[side].some((image) => mayShow.has(image)) ? [] : [index]))
  const [untrained, unvalidated] = [without('train'), without('validation')]
  const remedy = `Take a split that spreads classes: "method": "MultilabelStratifiedKFold" or "StratifiedGroupKFold" in ${project}, or fewer folds.`
  const findings: Finding[] = []
  if (untrained.length > 0)
    findings.push({
      code: 'class-not-trained',
      severity: 'warning',
      message: `Class "${name}" is in no training image of fold ${untrained.join(', ')} (in ${files.length} images overall).`,
      files,
      why: 'There it cannot be learned and scores 0.',
      remedy,
    })
  if (unvalidated.length > 0) {
    const isNowhere = unvalidated.length === folds.length
    findings.push({
      code: isNowhere ? 'class-never-validated' : 'class-not-validated',
      severity: isNowhere ? 'warning' : 'note',
      message: isNowhere
        ? `Class "${name}" is in no validation image of any fold.`
        : `Class "${name}" is in no validation image of fold ${unvalidated.join(', ')} (in ${files.length} images overall).`,
      files,
      why: isNowhere
        ? 'Nothing says how well it is told apart.'
        : 'Its score there rests on nothing, and the folds differ by more than the network.',
      remedy,
    })
  }
  return findings
}

/** Lines and specks among the objects of classes. */
export const thinObjects: Check = ({ scans, rules }) => {
  const whole = wholeScans(scans)
  const counts = rules.classes.names.map((name, label) => {
    const own = whole.map(({ mask }) => mask.classes[label].objects)
    const total = (of: 'count' | 'thin'): number => own.reduce((sum, objects) => sum + objects[of], 0)
    return { name, label, count: total('count'), thin: total('thin') }
  })
  const affected = counts.filter(({ count, thin }) => thin >= thinCount && thin >= thinShare * count)
  if (affected.length === 0) return []
  const thinIn = ({ mask }: WholeScan): number =>
    affected.reduce((sum, { label }) => sum + mask.classes[label].objects.thin, 0)
  const files = namesOf(whole.filter((scan) => thinIn(scan) > 0).toSorted((a, b) => thinIn(b) - thinIn(a)))
  const shares = affected.map(({ name, count, thin }) => `${thin} of ${count} of "${name}"`)
  return [
    {
      code: 'thin-objects',
      severity: 'note',
      message: `Many objects are lines or specks of at most two pixels, ${someOf(shares, 10)}; most of them in ${someOf(files, 3)}.`,
      files,
      why: 'Slivers between polygons and stray clicks look like this; so do real wires and poles.',
      remedy:
        'Look at one of these masks. Where a class is not thin by nature, clean the masks in the annotation tool.',
    },
  ]
}

function namesOf(scans: readonly WholeScan[]): readonly string[] {
  return scans.map(({ pair }) => pair.name)
}

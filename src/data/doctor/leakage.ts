import { groupsOf } from '../../core/splits/groups.ts'
import type { ImageFold } from '../../core/splits/splitImages.ts'
import { groupedBy } from '../groupedBy.ts'
import { groupHint } from '../inspect/groupHint.ts'
import { someOf, type Check, type Finding } from './finding.ts'
import { similarImages, type Cluster, type Likeness, type LookedAt } from './similarImages.ts'

const project = 'foldwise/project.jsonc'
const shownClusters = 20

const words: Readonly<Record<Likeness, { readonly code: string; readonly are: string }>> = {
  file: { code: 'same-file', are: 'are the same file' },
  pixels: { code: 'same-pixels', are: 'have the same pixels' },
  near: { code: 'near-duplicate', are: 'are nearly the same picture' },
}

/** Images that are alike, on both sides of a fold or with different masks. */
export const alikeImages: Check = ({ scans, split }) => {
  const readable = scans.filter((scan): scan is LookedAt => scan.image !== undefined)
  const clusters = similarImages(readable)
  const sides = sidesOf(split?.folds ?? [])
  const torn = clusters.map((cluster) => ({ cluster, folds: tornFolds(namesOf(cluster), sides) }))
  const leaks = torn.filter(({ folds }) => folds.length > 0)
  const others = torn.filter(({ cluster, folds }) => folds.length === 0 && cluster.likeness !== 'near')
  return [
    ...leaks.slice(0, shownClusters).map(({ cluster, folds }) => leak(cluster, folds)),
    ...moreLeaks(leaks.slice(shownClusters).map(({ cluster }) => cluster)),
    ...others.slice(0, shownClusters).map(({ cluster }) => repeated(cluster, split !== undefined)),
    ...conflicts(readable),
  ]
}

/** Groups on both sides of a fold: those of the project, else those that the names show. */
export const tornGroups: Check = ({ split, groups, pairing, project: { split: settings } }) => {
  if (split === undefined) return []
  const names = pairing.pairs.map(({ name }) => name)
  const hint = groups === undefined ? groupHint(names) : undefined
  const found = groups ?? (hint && groupsByPattern(names, hint.pattern))
  if (found === undefined) return []
  const members = groupedBy(names, (name) => found.get(name) ?? '')
  const sides = sidesOf(split.folds)
  const torn = [...members].filter(([, own]) => tornFolds(own, sides).length > 0)
  if (torn.length === 0) return []
  const pattern = hint?.pattern ?? settings.group?.pattern
  const from = pattern === undefined ? settings.group : { pattern }
  const folds = Math.min(split.folds.length, members.size)
  const written = JSON.stringify({ method: 'GroupKFold', n_splits: Math.max(2, folds), group: from })
  const source = hint === undefined ? 'groups that the project names' : `groups that file names show (${hint.pattern})`
  return [
    {
      code: 'torn-group',
      severity: 'warning',
      message: `${torn.length} of ${members.size} ${source} both train and validate in a fold: ${someOf(torn.map(([group]) => group))}.`,
      files: torn.flatMap(([, own]) => own),
      why: 'Images of one patient, drive or slide look alike: a network that has seen some scores better on the others than it will on anything new.',
      remedy: `If they belong together, write in ${project}: "split": ${written}`,
    },
  ]
}

function groupsByPattern(names: readonly string[], pattern: string): ReadonlyMap<string, string> {
  const groups = groupsOf(names, pattern)
  return new Map(names.map((name, index) => [name, groups[index]]))
}

interface Sides {
  readonly trains: ReadonlySet<string>
  readonly validates: ReadonlySet<string>
}

function sidesOf(folds: readonly ImageFold[]): readonly Sides[] {
  return folds.map(({ train, validation }) => ({ trains: new Set(train), validates: new Set(validation) }))
}

/** Folds in which some of the images train and others validate. */
function tornFolds(names: readonly string[], sides: readonly Sides[]): readonly number[] {
  return sides.flatMap(({ trains, validates }, fold) =>
    names.some((name) => trains.has(name)) && names.some((name) => validates.has(name)) ? [fold] : [],
  )
}

function leak(cluster: Cluster, folds: readonly number[]): Finding {
  const { code, are } = words[cluster.likeness]
  const names = namesOf(cluster)
  return {
    code: `leaked-${code}`,
    severity: cluster.likeness === 'near' ? 'warning' : 'error',
    message: `${someOf(names)} ${are}, and train as well as validate in fold ${folds.join(', ')}.`,
    files: names,
    why: 'A network is then scored on what it was trained on; the score says less about new images than it seems to.',
    remedy:
      cluster.likeness === 'near'
        ? `Keep them on one side: name their group in ${project} (a "group" pattern or table with "method": "GroupKFold"), or remove all but one.`
        : 'Remove all but one, with their masks; or keep them in one group ("method": "GroupKFold" with a "group" table) in ' +
          project +
          '.',
  }
}

function moreLeaks(clusters: readonly Cluster[]): readonly Finding[] {
  if (clusters.length === 0) return []
  const names = clusters.flatMap(namesOf)
  const { why, remedy } = leak(clusters[0], [])
  const message = `${clusters.length} more clusters of images that are alike train as well as validate in a fold: ${someOf(names)}.`
  const severity = clusters.some(({ likeness }) => likeness !== 'near') ? 'error' : 'warning'
  return [{ code: 'leaked-others', severity, message, files: names, why, remedy }]
}

function repeated(cluster: Cluster, isSplit: boolean): Finding {
  const { code, are } = words[cluster.likeness]
  const names = namesOf(cluster)
  return {
    code,
    severity: 'note',
    message: `${someOf(names)} ${are}; ${isSplit ? 'no fold divides them' : 'whether folds divide them cannot be said without a split'}.`,
    files: names,
    why: 'A repeated image counts as often as it is there, in training and in the score.',
    remedy: 'Remove all but one, with their masks.',
  }
}

/** Equal pixels under different masks. */
function conflicts(images: readonly LookedAt[]): readonly Finding[] {
  const labelled = images.filter(({ mask }) => mask !== undefined)
  return [...groupedBy(labelled, ({ image }) => image.pixelHash).values()].flatMap((same) => {
    const byLabels = [...groupedBy(same, ({ mask }) => mask?.labelHash).values()]
    if (byLabels.length < 2) return []
    const files = byLabels.flatMap((own) => own.map(({ pair }) => pair.name))
    const finding: Finding = {
      code: 'conflicting-labels',
      severity: 'error',
      message: `${someOf(files)} are one picture with ${byLabels.length} different masks.`,
      files,
      why: 'At most one of the masks is right; the network is told both.',
      remedy: 'Look at the masks, keep the right one, and remove the other images with their masks.',
    }
    return [finding]
  })
}

function namesOf({ members }: Cluster): readonly string[] {
  return members.map(({ pair }) => pair.name)
}

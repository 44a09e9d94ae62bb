import { join } from 'node:path'
import type { Command } from 'commander'
import { groupsOf } from '../../core/splits/groups.ts'
import { countClassPixels } from '../../data/classPixels.ts'
import { maskRules } from '../../data/maskRules.ts'
import { writeJsonFile } from '../../runs/jsonFile.ts'
import { pathInside } from '../../runs/containment.ts'
import { outputOf, workspaceOf } from '../globalOptions.ts'
import { table } from '../output/table.ts'
import { projectFolds, type ProjectFolds } from '../projectFolds.ts'

interface FoldFacts {
  readonly fold: number
  readonly train: number
  readonly validation: number
  /** Number of groups that validate; undefined without groups. */
  readonly groups?: number
  /** Share of each class in the valid pixels of the validation images. */
  readonly shares: readonly number[]
}

/** `foldwise split [--write]`. */
export function addSplit(program: Command): void {
  program
    .command('split')
    .summary('show how images are split into folds')
    .description('Shows the folds: how many images, and how the classes are spread over them.')
    .option('--write', 'write the folds to foldwise/split.json')
    .action(split)
}

async function split(options: { readonly write?: boolean }, command: Command): Promise<void> {
  const workspace = workspaceOf(command)
  const output = outputOf(command)
  const plan = await projectFolds(workspace)
  output.warnings(plan.warnings)
  const rules = maskRules(plan.project)
  const { pixels, perMask, warnings } = await countClassPixels(
    plan.pairs.map(({ mask }) => mask),
    rules,
  )
  output.warnings(warnings)
  const perImage = new Map(plan.pairs.map(({ name }, index) => [name, perMask[index].pixels]))
  const folds = plan.folds.map((_, fold) => foldFacts(plan, fold, perImage))
  const { names } = rules.classes
  const { hash, pairs } = plan
  const text = `${pairs.length} images, split ${hash.slice(0, 12)}\n\n${foldsTable(folds, names, sharesOf(pixels))}`
  output.result({ type: 'split', hash, images: pairs.length, classes: names, shares: sharesOf(pixels), folds }, text)
  if (options.write !== true) return
  const file = pathInside(workspace.root, 'foldwise', 'split.json')
  await writeJsonFile(file, { v: 1, hash, folds: plan.folds })
  output.message(`Written to ${join('foldwise', 'split.json')}.`)
}

function foldFacts(
  { project, folds }: ProjectFolds,
  fold: number,
  perImage: ReadonlyMap<string, readonly number[]>,
): FoldFacts {
  const { train, validation } = folds[fold]
  const counts = validation.map((name) => perImage.get(name)!)
  const sums = counts[0].map((_, label) => counts.reduce((sum, pixels) => sum + pixels[label], 0))
  const pattern = project.split.group?.pattern
  const groups = pattern === undefined ? {} : { groups: new Set(groupsOf(validation, pattern)).size }
  return { fold, train: train.length, validation: validation.length, ...groups, shares: sharesOf(sums) }
}

function sharesOf(pixels: readonly number[]): readonly number[] {
  const total = pixels.reduce((sum, count) => sum + count, 0)
  return pixels.map((count) => (total === 0 ? 0 : count / total))
}

function foldsTable(folds: readonly FoldFacts[], classes: readonly string[], whole: readonly number[]): string {
  const hasGroups = folds.some(({ groups }) => groups !== undefined)
  const header = ['fold', 'train', 'validation', ...(hasGroups ? ['groups'] : []), ...classes]
  const percent = (shares: readonly number[]): string[] => shares.map((share) => `${(share * 100).toFixed(1)} %`)
  const rows = folds.map(({ fold, train, validation, groups, shares }) => [
    String(fold),
    String(train),
    String(validation),
    ...(hasGroups ? [String(groups)] : []),
    ...percent(shares),
  ])
  return table(header, [...rows, ['all', '–', '–', ...(hasGroups ? ['–'] : []), ...percent(whole)]])
}

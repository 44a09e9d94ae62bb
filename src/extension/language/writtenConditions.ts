import type { ExperimentFile } from '../../core/experimentFile.ts'

const sections = ['model', 'loss', 'optimizer', 'scheduler', 'augment', 'mix', 'data', 'train', 'inference'] as const

/** What an experiment's own file says, a line per section: `optimizer: Adam, lr 0.002`. */
export function writtenConditions(file: ExperimentFile): readonly string[] {
  return sections.flatMap((section) => {
    const value = file[section]
    if (value === undefined) return []
    if (value === null) return [`${section}: null`]
    const text = Array.isArray(value)
      ? value.map(methodText).join(section === 'loss' ? ' + ' : ', ')
      : sectionText(value)
    return text === '' ? [] : [`${section}: ${text}`]
  })
}

type Values = Readonly<Record<string, unknown>>

/** A method's name without its key, and everything else with it. */
function sectionText(section: Values): string {
  return Object.entries(section)
    .map(([key, value]) => (key === 'name' || key === 'arch' ? valueText(value) : `${key} ${valueText(value)}`))
    .join(', ')
}

/** Losses and transforms are many: their arguments would fill the hover. */
function methodText({ name, weight }: Values): string {
  return weight === undefined || weight === 1 ? valueText(name) : `${valueText(name)} × ${valueText(weight)}`
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

import type { ExperimentConfig } from './experiment.ts'

type Section = Readonly<Record<string, unknown>>

/**
 * A recorded configuration as one that can be compared; undefined where it has another form, as a later version may write.
 * Names and arguments are taken as they stand: what was trained is a fact, whether or not this version could train it.
 */
export function recordedConfig(config: Section): ExperimentConfig | undefined {
  const { model, loss, optimizer, scheduler, augment, data, train } = config
  const sections = [model, optimizer, scheduler, data, train]
  const isWhole = sections.every(isSection) && isNamedList(loss) && isNamedList(augment)
  return isWhole ? (config as unknown as ExperimentConfig) : undefined
}

function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNamedList(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => isSection(each) && typeof each['name'] === 'string')
}

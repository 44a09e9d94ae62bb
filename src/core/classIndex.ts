import type { Project } from './projectSchema.ts'

/**
 * The network's channels 0 … C − 1 and the values in the masks. Channels go by ascending id, so reordering the file changes
 * nothing; the ignored value has no channel.
 */
export interface ClassIndex {
  /** C, the number of classes. */
  readonly count: number
  /** Mask value of channel c. */
  readonly ids: readonly number[]
  /** Name of channel c. */
  readonly names: readonly string[]
  /** `#rrggbb` of channel c, where the project gives one. */
  readonly colors: readonly (string | undefined)[]
  /** Channel of a mask value; undefined for values of no class, the ignored one among them. */
  readonly indexOf: ReadonlyMap<number, number>
}

export function classIndex({ dataset }: Pick<Project, 'dataset'>): ClassIndex {
  const classes = dataset.classes.toSorted((a, b) => a.id - b.id)
  return {
    count: classes.length,
    ids: classes.map(({ id }) => id),
    names: classes.map(({ name }) => name),
    colors: classes.map(({ color }) => color),
    indexOf: new Map(classes.map(({ id }, index) => [id, index])),
  }
}

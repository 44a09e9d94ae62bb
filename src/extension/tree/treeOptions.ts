/** Order of the experiments; the baseline is always first. */
export const sortOrders = ['name', 'score', 'difference', 'activity'] as const
export type SortOrder = (typeof sortOrders)[number]

export interface TreeOptions {
  /** Words that must all be found; empty shows everything. */
  readonly filter: string
  readonly sort: SortOrder
}

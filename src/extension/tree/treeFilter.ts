/** What can be found of an experiment. */
export interface Searched {
  /** Its name, tags and changed conditions. */
  readonly texts: readonly string[]
  /** Each run's name and phase in words. */
  readonly runs: ReadonlyMap<string, readonly string[]>
}

/** What is left of an experiment under a filter: all of it, some of its runs, or nothing. */
export type Found = 'all' | ReadonlySet<string> | undefined

/** Words of a filter in the form in which they are compared. */
export function wordsOf(filter: string): readonly string[] {
  return filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
}

/**
 * All words must be found. Those that the experiment itself does not have must stand together at one of its runs, and
 * then only such runs are left: `cutout failed`.
 */
export function find(words: readonly string[], { texts, runs }: Searched): Found {
  const own = joined(texts)
  const remaining = words.filter((word) => !own.includes(word))
  if (remaining.length === 0) return 'all'
  const found = [...runs.keys()].filter((run) => {
    const text = joined(runs.get(run)!)
    return remaining.every((word) => text.includes(word))
  })
  return found.length === 0 ? undefined : new Set(found)
}

function joined(texts: readonly string[]): string {
  return texts.join('\n').toLowerCase()
}

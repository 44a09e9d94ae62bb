/** What a debug run checks. */
interface DebugCheck {
  /** Stable: what `foldwise debug --check` takes and the names of pictures are made of. */
  readonly id: string
  /** The `name` of its `check` event. */
  readonly title: string
  /** What holds where it passes, as one sentence. */
  readonly description: string
}

/** The checks of a debug run, in the order in which they run. */
export const debugChecks = [
  {
    id: 'loss-falls',
    title: 'loss falls',
    description: 'Training for an epoch or two on a few images lowers the loss.',
  },
  {
    id: 'overfits-one-batch',
    title: 'one batch can be overfitted',
    description: 'From fresh weights, the network learns a single batch by heart.',
  },
  {
    id: 'gradients-finite',
    title: 'gradients finite',
    description: 'Every parameter gets a gradient, and each of its numbers is finite.',
  },
  {
    id: 'resume-round-trip',
    title: 'resume round trip',
    description: 'Training that goes on from a saved state computes what it would have computed without the stop.',
  },
  {
    id: 'same-seed-same-bits',
    title: 'same seed same bits',
    description: 'Two trainings from the same seed compute the same numbers, to the last bit.',
  },
] as const satisfies readonly DebugCheck[]

export type DebugCheckId = (typeof debugChecks)[number]['id']

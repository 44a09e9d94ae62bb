export const sleep = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds))

export interface Patience {
  /** Milliseconds; time in which this process itself is stopped or the machine suspended does not count. */
  readonly timeout?: number
  /** Milliseconds between two looks. */
  readonly every?: number
}

/** Looks until there is something to see and returns it; `what` names it in the error. */
export async function waitFor<Seen>(
  what: string | (() => string),
  look: () => Promise<Seen | undefined> | Seen | undefined,
  { timeout = 20_000, every = 50 }: Patience = {},
): Promise<Seen> {
  let waited = 0
  for (let last = Date.now(); ;) {
    const seen = await look()
    if (seen !== undefined) return seen
    if (waited >= timeout)
      throw new Error(`not within ${timeout / 1000} s: ${typeof what === 'string' ? what : what()}`)
    await sleep(every)
    const now = Date.now()
    waited += Math.min(now - last, 2000)
    last = now
  }
}

/** As `waitFor`, for what is only true or not. */
export async function waitUntil(
  what: string | (() => string),
  holds: () => Promise<boolean> | boolean,
  patience?: Patience,
): Promise<void> {
  await waitFor(what, async () => ((await holds()) ? true : undefined), patience)
}

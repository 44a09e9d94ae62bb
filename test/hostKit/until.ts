import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Asks again and again until there is an answer.
 * @param ask gives undefined or false while there is none; what it throws counts as none
 * @param what named in the error  @throws Error after `seconds`, with the last error where there was one
 */
export async function until<Value>(
  what: string,
  ask: () => Value | Promise<Value>,
  seconds = 30,
): Promise<NonNullable<Exclude<Value, false>>> {
  const end = Date.now() + seconds * 1000
  let last: unknown
  do {
    try {
      const value = await ask()
      if (value !== undefined && value !== null && value !== false) return value as NonNullable<Exclude<Value, false>>
      last = undefined
    } catch (error) {
      last = error
    }
    await sleep(100)
  } while (Date.now() < end)
  const reason = last instanceof Error ? `: ${last.message}` : ''
  throw new Error(`waited ${seconds} s for ${what}${reason}`)
}

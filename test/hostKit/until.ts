import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Asks again and again until there is an answer.
 * @param ask gives undefined or false while there is none; what it throws counts as none
 * @param what named in the error; a function tells what was seen last
 * @param seconds time in which this process is stopped or the machine suspended does not count
 * @throws Error after `seconds`, with the last error where there was one
 */
export async function until<Value>(
  what: string | (() => string),
  ask: () => Value | Promise<Value>,
  seconds = 30,
): Promise<NonNullable<Exclude<Value, false>>> {
  let waited = 0
  let last: unknown
  for (let before = Date.now(); waited < seconds * 1000;) {
    try {
      const value = await ask()
      if (value !== undefined && value !== null && value !== false) return value as NonNullable<Exclude<Value, false>>
      last = undefined
    } catch (error) {
      last = error
    }
    await sleep(50)
    const now = Date.now()
    waited += Math.min(now - before, 5000)
    before = now
  }
  const reason = last instanceof Error ? `: ${last.message}` : ''
  throw new Error(`waited ${seconds} s for ${typeof what === 'string' ? what : what()}${reason}`)
}

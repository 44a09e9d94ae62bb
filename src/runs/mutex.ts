import { closeSync, openSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../core/errors.ts'
import { systemCode, writeError } from './diskErrors.ts'
import { isAlive, thisProcess } from './holder.ts'
import type { Holder } from './holder.ts'

const longestWait = 10_000

/**
 * Runs `body` while no other process is inside the mutex `name` of `folder`. For short work: others wait up to 10 s.
 *
 * Each contender shows an empty file of its own, named after its process, and goes in if it then sees no other living
 * one. As all show before they look, two never both go in; and a dead one's file can be deleted by anybody without a
 * race, because no one ever takes such a file over. (One shared lock file has that race: between reading that its
 * holder is dead and deleting it, another may have replaced it.)
 */
export async function withMutex<Result>(folder: string, name: string, body: () => Promise<Result>): Promise<Result> {
  const mine = claimName(name, thisProcess())
  await enter(folder, name, mine)
  try {
    return await body()
  } finally {
    rmSync(join(folder, mine), { force: true })
  }
}

async function enter(folder: string, name: string, mine: string): Promise<void> {
  const deadline = Date.now() + longestWait
  while (Date.now() < deadline) {
    if (show(join(folder, mine))) {
      if (!seesOther(folder, name, mine)) return
      rmSync(join(folder, mine), { force: true })
    }
    // Random, so that two who withdrew from each other do not return together.
    await sleep(2 + Math.random() * 30)
  }
  throw new UserError('another process keeps this folder busy', {
    file: folder,
    code: 'busy',
    hint: `Wait for it; if none runs, delete the files ${name}.claim.* in that folder.`,
  })
}

/** False if this very process is inside already. */
function show(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx'))
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    throw writeError(error, path)
  }
}

function seesOther(folder: string, name: string, mine: string): boolean {
  for (const file of readdirSync(folder)) {
    const holder = file === mine ? undefined : claimHolder(name, file)
    if (holder === undefined) continue
    const path = join(folder, file)
    const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs
    if (touched === undefined) continue
    if (isAlive(holder, touched)) return true
    rmSync(path, { force: true })
  }
  return false
}

function claimName(name: string, { pid, start, host }: Holder): string {
  return [name, 'claim', pid, encodeURIComponent(start ?? ''), encodeURIComponent(host)].join('.')
}

function claimHolder(name: string, file: string): Holder | undefined {
  const prefix = `${name}.claim.`
  if (!file.startsWith(prefix)) return undefined
  const [pid, start, ...host] = file.slice(prefix.length).split('.')
  return { pid: Number(pid), start: decodeURIComponent(start) || undefined, host: decodeURIComponent(host.join('.')) }
}

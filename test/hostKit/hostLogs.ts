import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Profile } from './profile.ts'

export interface LogEntry {
  /** Path in the profile's folder of logs, e.g. `20260101T000000/exthost1/remoteexthost.log`. */
  readonly file: string
  readonly level: 'trace' | 'debug' | 'info' | 'warning' | 'error'
  /** With the lines that belong to it, as those of a stack. */
  readonly text: string
}

const beginning = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3} \[(trace|debug|info|warning|error)\] /

/** What the extension hosts of a run logged, those included that are gone: their own log and the logs of extensions. */
export function hostLogs({ root }: Profile): readonly LogEntry[] {
  const folder = join(root, 'data/logs')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.includes('exthost') && file.endsWith('.log'))
    .sort()
    .flatMap((file) => entriesOf(file, readFileSync(join(folder, file), 'utf8')))
}

function entriesOf(file: string, text: string): LogEntry[] {
  const blocks = text.split(/\n(?=\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3} \[)/)
  return blocks.flatMap((block) => {
    const level = beginning.exec(block)?.[1] as LogEntry['level'] | undefined
    return level === undefined ? [] : [{ file, level, text: block.replace(beginning, '').trimEnd() }]
  })
}

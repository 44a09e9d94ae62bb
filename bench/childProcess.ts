import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

type Facts = Readonly<Record<string, unknown>>
type Environment = Readonly<Record<string, string>>

/** The C library of Linux asks for large pages: so does the extension for a training (trainerEnvironment.ts). */
export const largePages: Environment = process.platform === 'linux' ? { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' } : {}

/** Runs one of our `*.child.ts` as a process of its own. @returns the JSON of its last line */
export function runChild(name: string, argument: object, environment: Environment = {}): Facts {
  const file = fileURLToPath(new URL(`${name}.child.mjs`, import.meta.url))
  return lastLine(process.execPath, [file, JSON.stringify(argument)], environment)
}

/**
 * Runs one of the reference's scripts in `bench`, from the repository's root.
 * @param options `--name value` of each; true is `--name` alone, false nothing
 */
export function runPython(
  python: string,
  script: string,
  options: Readonly<Record<string, string | number | boolean>>,
  environment: Environment = {},
): Facts {
  const words = Object.entries(options).flatMap(([name, value]) => {
    if (typeof value === 'boolean') return value ? [`--${name}`] : []
    return [`--${name}`, String(value)]
  })
  return lastLine(python, [`bench/${script}`, ...words], environment)
}

function lastLine(program: string, args: readonly string[], environment: Environment): Facts {
  const env = { ...process.env, ...environment }
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', env })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr.trim()}`)
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Facts
}

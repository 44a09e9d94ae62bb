import * as z from 'zod'
import { UserError } from './errors.ts'
import { meantName } from './otherSpellings.ts'

/** Keys and list positions that lead from the top of a file to a value. */
export type ValuePath = readonly (string | number)[]

/** Where the user wrote the value at a path, or the nearest thing around it; handed in by whoever read the files. */
export type Locate = (path: ValuePath) => { readonly file?: string; readonly line?: number }

/** `augment[1].p`, as a person writes it. */
export function pathText(path: ValuePath): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  )
}

function valueAt(value: unknown, path: ValuePath): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string | number, unknown>)[key] : undefined,
    value,
  )
}

interface Problem {
  readonly path: ValuePath
  readonly message: string
  readonly allowed?: readonly string[] | string | undefined
  readonly hint?: string | undefined
}

type RawIssue = z.core.$ZodRawIssue

function didYouMean(word: unknown, allowed: readonly string[]): string | undefined {
  const nearest = typeof word === 'string' ? meantName(word, allowed) : undefined
  return nearest === undefined ? undefined : `Did you mean "${nearest}"?`
}

function keysOf(schema: unknown): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner))
}

function boundText(
  issue: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall> | z.core.$ZodRawIssue<z.core.$ZodIssueTooBig>,
): string {
  const isLower = issue.code === 'too_small'
  const limit = Number(isLower ? issue.minimum : issue.maximum)
  const [open, closed] = isLower ? ['>', '≥'] : ['<', '≤']
  const sign = issue.inclusive === false ? open : closed
  if (issue.origin === 'array' || issue.origin === 'set') return `a list of length ${sign} ${limit}`
  return issue.origin === 'string' ? `a text of length ${sign} ${limit}` : `${sign} ${limit}`
}

/** One of zod's findings in our words: what is wrong, what would be accepted, what was probably meant. */
function problemOf(issue: RawIssue, message: string, path: ValuePath, value: unknown): Problem {
  const name = path.length === 0 ? 'The file' : `"${pathText(path)}"`
  switch (issue.code) {
    case 'unrecognized_keys': {
      const key = issue.keys[0] ?? ''
      const allowed = keysOf(issue.inst)
      return {
        path: [...path, key],
        message: `Unknown key "${pathText([...path, key])}".`,
        allowed,
        hint: didYouMean(key, allowed),
      }
    }
    case 'invalid_union': {
      const { options } = issue as { readonly options?: readonly unknown[] }
      const allowed = (options ?? []).map(String)
      if (allowed.length === 0) return { path, message: `${name}: ${message}.` }
      return value === undefined
        ? { path, message: `${name} is missing.`, allowed }
        : { path, message: `${name} names nothing known.`, allowed, hint: didYouMean(value, allowed) }
    }
    case 'invalid_value': {
      const allowed = issue.values.map((option) => (typeof option === 'string' ? option : textOf(option)))
      return { path, message: `${name} is not one of the allowed values.`, allowed, hint: didYouMean(value, allowed) }
    }
    case 'invalid_type':
      if (value === undefined) return { path, message: `${name} is missing.`, allowed: issue.expected }
      return {
        path,
        message: `${name} is of the wrong type.`,
        allowed: issue.expected === 'int' ? 'a whole number' : issue.expected,
      }
    case 'too_small':
    case 'too_big':
      return { path, message: `${name} is out of range.`, allowed: boundText(issue) }
    case 'custom': {
      const { allowed, hint } = (issue.params ?? {}) as { readonly allowed?: readonly string[]; readonly hint?: string }
      return { path, message: `${name}: ${message}`, allowed, hint }
    }
    default:
      return { path, message: `${name}: ${message}.` }
  }
}

/**
 * The value as the schema reads it (defaults filled in).
 * @throws UserError for the first thing that is wrong, with file, line, value and what is allowed; says how many more there are
 */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown, locate: Locate): T {
  // The raw issue alone knows the schema that refused, and so its keys; it reaches this function when messages are made.
  const raw: RawIssue[] = []
  const result = schema.safeParse(value, {
    error: (issue) => {
      raw.push(issue)
      return undefined
    },
  })
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))
  const refused = raw.find(
    (candidate) =>
      candidate.code === issue.code &&
      pathText((candidate.path ?? []).map((key) => (typeof key === 'symbol' ? String(key) : key))) === pathText(path),
  )
  const problem = problemOf(refused ?? (issue as RawIssue), issue.message, path, valueAt(value, path))
  const others = result.error.issues.length - 1
  throw new UserError(
    others === 0
      ? problem.message
      : `${problem.message} (${others} more ${others === 1 ? 'thing is' : 'things are'} wrong in it.)`,
    {
      ...locate(problem.path),
      value: valueAt(value, problem.path),
      allowed: problem.allowed,
      hint: problem.hint,
      code: 'invalid-value',
    },
  )
}

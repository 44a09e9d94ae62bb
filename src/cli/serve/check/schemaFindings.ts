import * as z from 'zod'
import type { ValuePath } from '../../../core/issues.ts'
import { otherSpelling } from '../../../core/otherSpellings.ts'
import type { Finding } from './finding.ts'
import { meantText, nearestNames, replacementsFor } from './nearestNames.ts'
import { valueAt } from './valueAt.ts'

type RawIssue = z.core.$ZodRawIssue
type Issue = z.core.$ZodIssue

/** Everything that a schema refuses in a value, not only the first thing; what refinements find has the code `invalid-value`. */
export function schemaFindings(schema: z.ZodType, value: unknown): readonly Finding[] {
  // The raw issue alone knows the schema that refused, and so its keys; it reaches this function when messages are made.
  const raw: RawIssue[] = []
  const result = schema.safeParse(value, {
    error: (issue) => {
      raw.push(issue)
      return undefined
    },
  })
  return result.success ? [] : result.error.issues.flatMap((issue) => findingsOf(issue, [], value, raw))
}

/** @param above where a union stands whose option raised the issue: such paths begin there */
function findingsOf(issue: Issue, above: ValuePath, whole: unknown, raw: readonly RawIssue[]): readonly Finding[] {
  const own = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))
  const path = [...above, ...own]
  const value = valueAt(whole, path)
  if (issue.code === 'unrecognized_keys') {
    const refused = raw.find((each) => each.code === issue.code && (each.path ?? []).join() === own.join())
    const all = keysOf(refused?.inst).filter((key) => !key.startsWith('$'))
    // What is there already, perhaps inherited, was not meant; but another library's word is no slip of the fingers.
    const missing = all.filter((key) => valueAt(value, [key]) === undefined)
    return issue.keys.map((key) => {
      const meant = otherSpelling(key, all)
      return unknownKey([...path, key], key, meant === undefined ? missing : [meant, ...missing])
    })
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const nearest = deepest(issue.errors)
    if (nearest !== undefined) return nearest.flatMap((inner) => findingsOf(inner, path, whole, raw))
  }
  const { message, allowed } = wordsFor(issue, path, value)
  const isMissing = value === undefined && issue.code !== 'custom'
  return [
    {
      path,
      mark: isMissing ? 'missing' : 'value',
      message: isMissing ? `"${String(path.at(-1) ?? '')}" is missing.${meantText(undefined, allowed)}` : message,
      code: issue.code === 'custom' ? 'invalid-value' : 'schema',
      replacements: isMissing ? [] : replacementsFor(value, allowed),
    },
  ]
}

function unknownKey(path: ValuePath, key: string, known: readonly string[]): Finding {
  return {
    path,
    mark: 'key',
    message: `Unknown key "${key}".${meantText(key, known)}`,
    code: 'schema',
    replacements: nearestNames(key, known).map((each) => JSON.stringify(each)),
  }
}

/** The option of a union that the value was meant for: the one that it fits on the outside. */
function deepest(options: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return options.find((issues) => issues.every(({ path }) => path.length > 0))
}

interface Words {
  readonly message: string
  /** Texts that would be accepted, where they can be listed. */
  readonly allowed: readonly string[]
}

function wordsFor(issue: Issue, path: ValuePath, value: unknown): Words {
  switch (issue.code) {
    case 'invalid_union': {
      const { options = [] } = issue as { readonly options?: readonly unknown[] }
      const allowed = options.map(String)
      if (allowed.length > 0) return unknownName(path, value, allowed)
      return {
        message: `Expected ${issue.errors.map((errors) => expectedText(errors.at(0))).join(', or ')}.`,
        allowed: issue.errors
          .flatMap((errors) => errors.flatMap((each) => (each.code === 'invalid_value' ? each.values : [])))
          .filter((each) => typeof each === 'string'),
      }
    }
    case 'invalid_value': {
      const allowed = issue.values.map((each) => (typeof each === 'string' ? each : JSON.stringify(Number(each))))
      return unknownName(path, value, allowed)
    }
    case 'invalid_type':
    case 'too_small':
    case 'too_big':
      return { message: `Expected ${expectedText(issue)}.`, allowed: [] }
    case 'custom': {
      const { hint } = (issue.params ?? {}) as { readonly hint?: string }
      const message = `${String(path.at(-1) ?? '')}: ${issue.message.replace(/\.$/, '')}.`
      return { message: hint === undefined ? message : `${message} ${hint}`, allowed: [] }
    }
    default:
      return { message: `${String(path.at(-1) ?? '')}: ${issue.message}.`, allowed: [] }
  }
}

const kinds: Readonly<Partial<Record<string, string>>> = {
  arch: 'architecture',
  encoder_name: 'encoder',
  loss: 'loss',
  optimizer: 'optimizer',
  scheduler: 'scheduler',
  augment: 'transform',
  mix: 'mix',
  method: 'split method',
}

function unknownName(path: ValuePath, value: unknown, allowed: readonly string[]): Words {
  const kind = kinds[String(path.at(-1))] ?? (path.at(-1) === 'name' ? kinds[String(path[0])] : undefined)
  const what = typeof value === 'string' ? `"${value.slice(0, 60)}"` : 'This'
  const message = kind === undefined ? `${what} is not allowed here.` : `There is no ${kind} ${what}.`
  return { message: message + meantText(value, allowed), allowed }
}

const types: Readonly<Partial<Record<string, string>>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text in double quotes',
  boolean: 'true or false',
  array: 'a list [ … ]',
  tuple: 'a list [ … ]',
  object: 'an object { … }',
  record: 'an object { … }',
}

/** What would have been accepted, after "Expected". */
function expectedText(issue: Issue | undefined): string {
  switch (issue?.code) {
    case 'invalid_type':
      return types[issue.expected] ?? issue.expected
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(typeof value === 'bigint' ? Number(value) : value)).join(' or ')
    case 'too_small':
      return boundText(issue.origin, Number(issue.minimum), issue.inclusive === false ? 'more than' : 'at least')
    case 'too_big':
      return boundText(issue.origin, Number(issue.maximum), issue.inclusive === false ? 'less than' : 'at most')
    default:
      return issue?.message ?? 'something else'
  }
}

function boundText(origin: string, limit: number, bound: string): string {
  const unit = origin === 'array' ? (limit === 1 ? ' element' : ' elements') : origin === 'string' ? ' characters' : ''
  return `${bound} ${limit}${unit}`
}

function keysOf(schema: unknown): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}

import type * as z from 'zod'
import type { NamedArguments } from '../../core/experiment.ts'
import { nearestName } from '../../core/nearest.ts'
import { transforms } from '../registry.ts'
import { callOf } from './python.ts'
import { ImportedCall, Unreadable, type ImportedPipeline, type ImportedValue } from './call.ts'
import { withConstants } from './constants.ts'
import { commonSpellings, formerNames, needless, spellings, type Spelling } from './spellings.ts'
import { versionNotes } from './versionNotes.ts'

/** One difference between what was written and what ours will do. */
export interface ImportNote {
  /** `unknown`: left out, and its effect is missing; `ignored`: left out; `changed`: means something else; `renamed`: said otherwise. */
  readonly kind: 'unknown' | 'ignored' | 'changed' | 'renamed'
  /** In the imported text, from 1. */
  readonly line: number
  readonly text: string
}

export interface ImportedAugment {
  /** As an experiment's `augment`. */
  readonly augment: readonly NamedArguments[]
  readonly notes: readonly ImportNote[]
}

/** Albumentations' pipeline in our words, with a note on every difference. */
export function convertPipeline({ transforms: calls, version }: ImportedPipeline): ImportedAugment {
  const converter = new Converter(version)
  return { augment: converter.list(calls), notes: converter.notes }
}

class Converter {
  readonly notes: ImportNote[] = []
  readonly #version: string | undefined

  constructor(version: string | undefined) {
    this.#version = version
  }

  list(calls: readonly ImportedCall[]): NamedArguments[] {
    return calls.flatMap((call) => this.#one(call) ?? [])
  }

  #one(call: ImportedCall): NamedArguments | undefined {
    const name = formerNames[call.name] ?? call.name
    const why = needless[name]
    if (why !== undefined) {
      this.#note('ignored', call, `${call.name} is left out: ${why}`)
      return undefined
    }
    if (!transforms.names.includes(name)) {
      const nearest = nearestName(name, transforms.names)
      const hint = nearest === undefined ? '' : `; the nearest name is ${nearest}`
      this.#note('unknown', call, `${call.name} is not known here and is left out${hint}`)
      return undefined
    }
    if (name !== call.name) this.#note('renamed', call, `${call.name} is called ${name}`)
    const shape = transforms.get(name).arguments.shape as Readonly<Record<string, z.ZodType>>
    const given = this.#spelled(name, call, shape, this.#named(call, Object.keys(shape)))
    for (const text of versionNotes(name, given, this.#version)) this.#note('changed', call, text)
    return this.#checked({ name, ...this.#arguments(name, call, given, shape) }, call)
  }

  /** Keywords, and what stands without one under the names of our arguments in their order. */
  #named({ name, positional, keywords }: ImportedCall, order: readonly string[]): Map<string, ImportedValue> {
    const given = new Map(positional.map((value, index) => [order[index] ?? `argument ${index + 1} of ${name}`, value]))
    keywords.forEach((value, key) => given.set(key, value))
    return given
  }

  /** The arguments in our spelling. */
  #spelled(
    name: string,
    call: ImportedCall,
    shape: Readonly<Record<string, z.ZodType>>,
    given: ReadonlyMap<string, ImportedValue>,
  ): Map<string, ImportedValue> {
    const result = new Map(given)
    const apply = ({ from, to, note }: Spelling): void => {
      const present = from.filter((key) => result.has(key) && !(key in shape))
      if (present.length === 0) return
      const said = Object.entries(to(result)).filter(([key]) => key in shape)
      for (const key of present) result.delete(key)
      for (const [key, value] of said) result.set(key, value)
      const now = said.map(([key, value]) => `${key} ${JSON.stringify(value)}`).join(', ')
      this.#note(
        note === undefined ? 'renamed' : 'changed',
        call,
        `${name}: ${present.join(' and ')} ${now === '' ? 'has no equal here' : `is ${now}`}${note === undefined ? '' : `; ${note}`}`,
      )
    }
    spellings[name]?.forEach(apply)
    commonSpellings.filter(({ to }) => Object.keys(to(result)).some((key) => key in shape)).forEach(apply)
    return result
  }

  #arguments(
    name: string,
    call: ImportedCall,
    given: ReadonlyMap<string, ImportedValue>,
    shape: Readonly<Record<string, z.ZodType>>,
  ): Record<string, unknown> {
    const kept: [string, unknown][] = []
    for (const [key, raw] of given) {
      const value = withConstants(key, raw)
      if (key === 'always_apply') {
        if (value === true) kept.push(['p', 1])
      } else if (!(key in shape)) {
        if (!isHarmless(key, value))
          this.#note('ignored', call, `${name}: ${key} is not an argument here and is left out`)
      } else if (key === 'transforms' && Array.isArray(value)) {
        const inner = value as readonly ImportedValue[]
        kept.push([key, this.list(inner.map((one) => callOf(one, call.line)))])
      } else if (value instanceof Unreadable || value instanceof ImportedCall) {
        const text = value instanceof Unreadable ? value.text : `${value.name}(…)`
        this.#note('ignored', call, `${name}: the value of ${key} is not written out (${text}); its default is taken`)
      } else if (value === null && !shape[key].safeParse(null).success) continue
      else kept.push([key, value])
    }
    return Object.fromEntries(kept)
  }

  /** Without the arguments that ours refuses. */
  #checked(config: NamedArguments, call: ImportedCall): NamedArguments {
    const { name, ...given } = config
    const { success, error } = transforms.get(name).arguments.strict().safeParse(given)
    if (success) return config
    const refused = new Map(error.issues.map((issue) => [String(issue.path[0] ?? ''), issue.message]))
    refused.forEach((message, key) => {
      if (!(key in given)) {
        this.#note('changed', call, `${name}: ${key === '' ? message : `${key} must be given (${message})`}`)
        return
      }
      const value = JSON.stringify(given[key])
      this.#note('changed', call, `${name}: ${key} ${value} is not possible here (${message}); its default is taken`)
    })
    return { name, ...Object.fromEntries(Object.entries(given).filter(([key]) => !refused.has(key))) }
  }

  #note(kind: ImportNote['kind'], { line }: ImportedCall, text: string): void {
    this.notes.push({ kind, line, text })
  }
}

/** What is left out without a word: what is off, and what does here what it does there. */
function isHarmless(argument: string, value: ImportedValue): boolean {
  if (value === null || value === false || harmless.includes(argument)) return true
  return sameHere[argument] === value
}

const sameHere: Readonly<Partial<Record<string, string>>> = {
  mask_interpolation: 'nearest',
  rotate_method: 'largest_box',
}

/** Arguments of Albumentations that change nothing for one image with one mask. */
const harmless = [
  'always_apply',
  'bbox_params',
  'keypoint_params',
  'additional_targets',
  'is_check_shapes',
  'num_output_channels',
  'elementwise',
  'ensure_safe_range',
  'noise_scale_factor',
  'save_applied_params',
]

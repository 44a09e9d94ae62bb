import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml'
import { UserError } from '../../core/errors.ts'
import { ImportedCall, type ImportedPipeline, type ImportedValue } from './call.ts'

const classKey = '__class_fullname__'

/**
 * What A.to_dict or A.save of Albumentations 1.3 to 2.x wrote, as JSON or YAML (JSON is YAML too).
 * @throws UserError `broken-yaml`, or `no-compose` where it is something else
 */
export function readSerialized(text: string): ImportedPipeline {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const error = document.errors.at(0)
  if (error !== undefined)
    throw new UserError(`this is neither JSON nor YAML: ${error.message.split('\n')[0]}`, {
      line: error.linePos?.[0].line,
      code: 'broken-yaml',
    })
  const valueOf = (node: Node | null): ImportedValue => {
    if (isScalar(node)) return node.value as ImportedValue
    if (isSeq(node)) return node.items.map((item) => valueOf(item as Node))
    if (!isMap(node)) return null
    const entries = new Map(
      node.items.map(({ key, value }) => [String(isScalar(key) ? key.value : key), valueOf(value as Node | null)]),
    )
    const name = entries.get(classKey)
    if (typeof name !== 'string') return Object.fromEntries(entries)
    entries.delete(classKey)
    const { line } = lines.linePos((node.get(classKey, true) as Node).range?.[0] ?? 0)
    return new ImportedCall(name.split('.').at(-1)!, [], entries, line)
  }
  const root = valueOf(document.contents)
  const { transform = root, __version__: version } = (root instanceof ImportedCall ? {} : root) as Readonly<
    Record<string, ImportedValue>
  >
  if (!(transform instanceof ImportedCall))
    throw new UserError('This is no pipeline of Albumentations.', {
      allowed: `what A.save(...) or json.dump(A.to_dict(...)) wrote: a "transform" with "${classKey}"`,
      code: 'no-compose',
    })
  const inner = transform.keywords.get('transforms')
  const transforms = Array.isArray(inner) ? (inner as readonly ImportedValue[]) : [transform]
  return {
    transforms: transforms.filter((one) => one instanceof ImportedCall),
    version: typeof version === 'string' ? version : undefined,
  }
}

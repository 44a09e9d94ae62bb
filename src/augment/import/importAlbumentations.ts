import { convertPipeline, type ImportedAugment } from './convert.ts'
import { readPython } from './python.ts'
import { readSerialized } from './serialized.ts'

/**
 * A pipeline of Albumentations 1.3 to 2.x as our `augment` list: a file of A.save or A.to_dict (JSON, YAML), or Python text
 * with an `A.Compose([...])`. Nothing is evaluated.
 * @throws UserError with the line where the text cannot be read
 */
export function importAlbumentations(text: string): ImportedAugment {
  return convertPipeline(/\bCompose\s*\(/.test(text) ? readPython(text) : readSerialized(text))
}

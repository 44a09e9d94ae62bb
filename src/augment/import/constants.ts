import type { ImportedValue } from './call.ts'
import { Unreadable } from './call.ts'

const interpolations = ['nearest', 'linear', 'cubic', 'area', 'lanczos4']
const borders = ['constant', 'replicate', 'reflect', 'wrap', 'reflect_101']

/** OpenCV's flags by number, as files hold them, or by name, as programs do: 4 or `cv2.BORDER_REFLECT_101` → reflect_101. */
export function withConstants(argument: string, value: ImportedValue): ImportedValue {
  const names = argument.endsWith('interpolation') ? interpolations : argument === 'border_mode' ? borders : undefined
  if (names === undefined) return value
  if (typeof value === 'number') return names[value] ?? value
  const text = value instanceof Unreadable ? value.text.toLowerCase() : ''
  const name = /(?:inter|border)_(\w+)$/.exec(text)?.[1]?.replace(/^reflect101$|^default$/, 'reflect_101')
  return name !== undefined && names.includes(name) ? name : value
}

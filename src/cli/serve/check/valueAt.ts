import type { ValuePath } from '../../../core/issues.ts'

/** The value at a path of a JSON value; undefined where there is none. Only what the value itself holds is found. */
export function valueAt(value: unknown, path: ValuePath): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<string | number, unknown>)[key]
        : undefined,
    value,
  )
}

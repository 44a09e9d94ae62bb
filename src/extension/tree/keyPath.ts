/** Keys and positions of a key as differences name it: `augment[1].p` → `['augment', 1, 'p']`. */
export function keyPath(key: string): readonly (string | number)[] {
  return Array.from(key.matchAll(/\[(\d+)\]|[^.[\]]+/g), ([text, position]) =>
    // A name's match has no group.
    (position as string | undefined) === undefined ? text : Number(position),
  )
}

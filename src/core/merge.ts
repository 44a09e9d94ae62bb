/** The conditions of an experiment as far as they have been written down; checked only when whole. */
export type Conditions = Readonly<Record<string, unknown>>

/** Sections that name a method: another name means other arguments. `kept` are those that every method of the section has. */
const methodSections: Readonly<
  Partial<Record<string, { readonly nameKey: string; readonly kept: readonly string[] }>>
> = {
  model: { nameKey: 'arch', kept: ['encoder_name', 'encoder_weights', 'encoder_depth', 'in_channels'] },
  optimizer: { nameKey: 'name', kept: ['lr', 'weight_decay', 'lookahead'] },
  scheduler: { nameKey: 'name', kept: [] },
  mix: { nameKey: 'name', kept: ['p'] },
}

function isObject(value: unknown): value is Conditions {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mergeValues(parent: unknown, child: unknown): unknown {
  if (!isObject(parent) || !isObject(child)) return child
  // A method inside a method (the schedule after a warm-up): another one brings its own arguments.
  if (parent['name'] !== undefined && child['name'] !== undefined && parent['name'] !== child['name']) return child
  const merged = new Map(Object.entries(parent))
  for (const [key, value] of Object.entries(child))
    merged.set(key, merged.has(key) ? mergeValues(merged.get(key), value) : value)
  return Object.fromEntries(merged)
}

/** The parent's part of a section that still applies under the child's method. */
function inherited(section: string, parent: unknown, child: unknown): unknown {
  const method = methodSections[section]
  if (method === undefined || !isObject(parent) || !isObject(child)) return parent
  const name = child[method.nameKey]
  if (name === undefined || name === parent[method.nameKey]) return parent
  return Object.fromEntries(Object.entries(parent).filter(([key]) => method.kept.includes(key)))
}

/**
 * The child's conditions on top of the parent's: objects merge key by key, lists replace. Where the child names another
 * architecture, optimizer, scheduler or mix, the arguments of the parent's method are dropped.
 */
export function mergeConditions(parent: Conditions, child: Conditions): Conditions {
  const merged = new Map(Object.entries(parent))
  for (const [section, value] of Object.entries(child)) {
    const from = inherited(section, merged.get(section), value)
    merged.set(section, merged.has(section) ? mergeValues(from, value) : value)
  }
  return Object.fromEntries(merged)
}

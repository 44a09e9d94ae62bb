import type { Services, Target } from '../services.ts'

/** A command gets what it was called with: a target from a view or a lens, nothing from the palette. */
export type Command = (services: Services, target: Target | undefined) => Promise<void>

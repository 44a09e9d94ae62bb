import type { Difference } from '../../core/difference.ts'
import type { UserError } from '../../core/errors.ts'
import type { EventOf } from '../../protocol/events.ts'
import type { Target } from '../services.ts'

/** What a row stands for. Commands read the target; the ones of the tree know it more precisely. */
export interface RowTarget extends Target {
  /** Key in the experiment's file, e.g. `augment[1].p`. */
  readonly key?: string
  /** A file of the run, relative to its folder. */
  readonly file?: string
}

/** A row's place in the tree. It holds no more than names: what the row says is looked up when it is drawn. */
interface NodeOf<Type extends string> {
  readonly type: Type
  /** Unique in the view, and the same for the same thing as long as it exists: VS Code keeps what is unfolded by it. */
  readonly id: string
  readonly target: RowTarget
}

export type ProjectNode = NodeOf<'project'>
export type ExperimentNode = NodeOf<'experiment'> & { readonly experiment: string }
export type FoldNode = NodeOf<'fold'> & { readonly experiment: string; readonly fold: number }
export type DebugRunsNode = NodeOf<'debug-runs'> & { readonly experiment: string }
export type RunNode = NodeOf<'run'> & { readonly run: string }
/** The remaining ones are made anew with their parent's children: they carry what they say. */
export type ConditionNode = NodeOf<'condition'> & { readonly change: Difference }
export type CheckNode = NodeOf<'check'> & { readonly check: EventOf<'check'> }
export type CheckpointNode = NodeOf<'checkpoint'> & { readonly checkpoint: EventOf<'checkpoint'> }
export type NoteNode = NodeOf<'note'> & { readonly note: Note }

/** Something to know about an experiment or a run, as a row of its own. */
export type Note =
  | { readonly kind: 'broken-file'; readonly error: UserError }
  | { readonly kind: 'no-change' }
  | { readonly kind: 'other-version' }
  | { readonly kind: 'warning'; readonly message: string }
  | { readonly kind: 'failure'; readonly message: string; readonly hint: string | undefined }
  | { readonly kind: 'unreadable'; readonly message: string }
  | { readonly kind: 'unreadable-result'; readonly run: string; readonly error: UserError }

export type TreeNode =
  | ProjectNode
  | ExperimentNode
  | ConditionNode
  | FoldNode
  | DebugRunsNode
  | RunNode
  | CheckNode
  | CheckpointNode
  | NoteNode

/** The id of a row from what leads to it; a line feed is in no name. */
export function nodeId(...parts: readonly (string | number)[]): string {
  return parts.join('\n')
}

import { UserError } from '../../core/errors.ts'
import { runFiles } from '../../protocol/runFolder.ts'
import { noProgress } from '../../protocol/runState.ts'
import type { ProjectTree, TreeUpdate } from './projectTree.ts'
import { nodeId, type ExperimentNode, type FoldNode, type Note, type RunNode, type TreeNode } from './treeNodes.ts'

/** The rows of one project: which stand below which. The same thing is always the same object, so VS Code knows it again. */
export class TreeRows {
  readonly tree: ProjectTree
  private readonly experiments = new Map<string, ExperimentNode>()
  private readonly folds = new Map<string, FoldNode>()
  private readonly runs = new Map<string, RunNode>()

  constructor(tree: ProjectTree) {
    this.tree = tree
  }

  experiment(experiment: string): ExperimentNode {
    const { root } = this.tree
    return known(this.experiments, experiment, () => ({
      type: 'experiment',
      id: nodeId(root, experiment),
      target: { root, experiment },
      experiment,
    }))
  }

  fold(experiment: string, fold: number): FoldNode {
    const { root } = this.tree
    const id = nodeId(root, experiment, fold)
    return known(this.folds, id, () => ({ type: 'fold', id, target: { root, experiment, fold }, experiment, fold }))
  }

  run(run: string): RunNode {
    const { root } = this.tree
    return known(this.runs, run, () => {
      const place = this.tree.place(run)
      const of = place && { experiment: place.experiment, fold: place.identity.fold }
      return { type: 'run', id: nodeId(root, 'run', run), target: { root, run, ...of }, run }
    })
  }

  /** Rows below an experiment, a fold or a run; none below the others. */
  children(node: TreeNode): readonly TreeNode[] {
    switch (node.type) {
      case 'experiment':
        return this.ofExperiment(node)
      case 'fold':
        return this.tree.runsOf(node.experiment, node.fold).map((run) => this.run(run))
      case 'debug-runs':
        return this.tree.debugRunsOf(node.experiment).map((run) => this.run(run))
      case 'run':
        return this.ofRun(node)
      case 'project':
      case 'condition':
      case 'check':
      case 'checkpoint':
      case 'note':
        return []
      default:
        return node satisfies never
    }
  }

  /** Whether anything lies below a run. */
  hasChildren(run: string): boolean {
    return this.ofRun(this.run(run)).length > 0
  }

  /** The rows to draw again; undefined for the whole list. */
  changed({ runs, experiments, isListChanged }: TreeUpdate): readonly TreeNode[] | undefined {
    if (isListChanged) return undefined
    return [...experiments.map((name) => this.experiment(name)), ...runs.map((name) => this.run(name))]
  }

  private ofExperiment({ id, target, experiment }: ExperimentNode): readonly TreeNode[] {
    const changes = this.tree.changesOf(experiment)
    const note = this.noteOnConditions(experiment)
    const debugRuns = this.tree.debugRunsOf(experiment)
    return [
      ...(note === undefined ? [] : [noteNode(id, target, note, 0)]),
      ...(changes === undefined || changes instanceof UserError ? [] : changes).map((change, index): TreeNode => ({
        type: 'condition',
        id: nodeId(id, 'condition', index, change.path),
        target: { ...target, key: change.path },
        change,
      })),
      ...this.tree.foldsOf(experiment).map((fold) => this.fold(experiment, fold)),
      ...(debugRuns.length === 0
        ? []
        : [{ type: 'debug-runs', id: nodeId(id, 'debug'), target, experiment } satisfies TreeNode]),
    ]
  }

  /** What is to say where there are no changes to list. */
  private noteOnConditions(experiment: string): Note | undefined {
    const changes = this.tree.changesOf(experiment)
    const { file, isBaseline } = this.tree.experiment(experiment)
    if (changes === undefined) return { kind: 'other-version' }
    if (changes instanceof UserError) return { kind: 'broken-file', error: changes }
    const own = this.tree.file(experiment)
    if (own instanceof UserError) return { kind: 'broken-file', error: own }
    return changes.length === 0 && !isBaseline && file === 'there' && this.tree.baseline !== undefined
      ? { kind: 'no-change' }
      : undefined
  }

  private ofRun({ id, target, run }: RunNode): readonly TreeNode[] {
    const { progress = noProgress, problem } = this.tree.summary(run) ?? {}
    const error = this.tree.unreadableResult(run)
    const { checks, checkpoints, warnings, failure } = progress
    const notes: readonly Note[] = [
      ...(problem === undefined ? [] : [{ kind: 'unreadable', message: problem } as const]),
      ...(error === undefined ? [] : [{ kind: 'unreadable-result', run, error } as const]),
      ...(failure === undefined ? [] : [{ kind: 'failure', ...failure } as const]),
      ...warnings.map((message) => ({ kind: 'warning', message }) as const),
    ]
    return [
      ...notes.map((note, index) => noteNode(id, target, note, index)),
      ...checks.map((check): TreeNode => ({ type: 'check', id: nodeId(id, 'check', check.name), target, check })),
      ...[checkpoints.best, checkpoints.last].flatMap((checkpoint): readonly TreeNode[] =>
        checkpoint === undefined
          ? []
          : [
              {
                type: 'checkpoint',
                id: nodeId(id, 'checkpoint', checkpoint.kind),
                target: { ...target, file: checkpoint.kind === 'best' ? runFiles.best : runFiles.last },
                checkpoint,
              },
            ],
      ),
    ]
  }
}

function noteNode(parent: string, target: TreeNode['target'], note: Note, index: number): TreeNode {
  return { type: 'note', id: nodeId(parent, 'note', index), target, note }
}

function known<Node>(nodes: Map<string, Node>, key: string, make: () => Node): Node {
  const node = nodes.get(key) ?? make()
  nodes.set(key, node)
  return node
}

import * as vscode from 'vscode'
import type { Services } from '../services.ts'
import { Disposables } from '../store/disposables.ts'
import { experimentTooltip } from './experimentTooltip.ts'
import type { ProjectTrees, RowsUpdate } from './projectTrees.ts'
import { runTooltip } from './runTooltip.ts'
import { projectItem, treeItem } from './treeItem.ts'
import { nodeId, type FoldNode, type ProjectNode, type TreeNode } from './treeNodes.ts'
import type { TreeRows } from './treeRows.ts'
import { phaseText } from './treeTexts.ts'
import { viewMessage } from './viewMessage.ts'
import { onDidChangeViewOptions, viewOptions } from './viewOptions.ts'
import type { WorstPictures } from './worstPicture.ts'

/** The view "Experiments". */
export class RunsView implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly own = new Disposables()
  private readonly changed = this.own.add(new vscode.EventEmitter<TreeNode[] | undefined>())
  readonly onDidChangeTreeData = this.changed.event
  private readonly services: Services
  private readonly trees: ProjectTrees
  private readonly pictures: WorstPictures
  private readonly view: vscode.TreeView<TreeNode>
  private readonly projectNodes = new Map<string, ProjectNode>()
  private queued: ReadonlySet<string>
  /** Whether the filter leaves no experiment at all. */
  private isNothingFound = false

  constructor(services: Services, trees: ProjectTrees, pictures: WorstPictures) {
    this.services = services
    this.trees = trees
    this.pictures = pictures
    this.queued = this.queuedFolds()
    this.view = this.own.add(
      vscode.window.createTreeView('foldwise.runs', { treeDataProvider: this, showCollapseAll: true }),
    )
    this.own.add(
      trees.onDidChange((update) => {
        this.take(update)
      }),
    )
    this.own.add(
      onDidChangeViewOptions(() => {
        this.take(undefined)
      }),
    )
    this.own.add(
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.showState()
      }),
    )
    const { queue } = services
    if (queue !== undefined)
      this.own.add(
        queue.onDidChange(() => {
          this.takeQueue()
        }),
      )
    this.showState()
  }

  /** The row that has the focus, for commands by key. */
  get selected(): TreeNode | undefined {
    return this.view.selection.at(0)
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (node === undefined) {
      // The view shows a moving bar while they are read.
      await this.trees.loaded()
      const all = this.trees.stores.map((store) => this.trees.of(store))
      const nodes = all.length === 1 ? this.experiments(all[0]) : all.map(({ tree }) => this.projectNode(tree.root))
      this.isNothingFound = nodes.length === 0
      this.showState()
      return nodes
    }
    const rows = this.trees.at(node.target.root)
    if (rows === undefined) return []
    return node.type === 'project' ? this.experiments(rows) : [...rows.children(node)]
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const { root } = node.target
    if (node.type === 'project') return projectItem(node.id, root)
    const rows = this.trees.at(root)
    // Its project was closed between two drawings: the next one leaves it out.
    if (rows === undefined) return new vscode.TreeItem('')
    return treeItem(node, rows, (fold) => this.queued.has(queueKey(fold)))
  }

  async resolveTreeItem(
    item: vscode.TreeItem,
    node: TreeNode,
    token: vscode.CancellationToken,
  ): Promise<vscode.TreeItem> {
    const tree = this.trees.at(node.target.root)?.tree
    if (tree === undefined) return item
    if (node.type === 'experiment') item.tooltip = experimentTooltip(tree, node.experiment)
    const facts = node.type === 'run' ? tree.run(node.run) : undefined
    if (facts === undefined) return item
    const worst = await this.pictures.of(tree.root, facts.run, `${facts.phase} ${facts.epoch}`, token)
    if (!token.isCancellationRequested) item.tooltip = runTooltip(tree, facts, worst)
    return item
  }

  dispose(): void {
    this.own.dispose()
  }

  /** @param change undefined: draw everything */
  private take(change: RowsUpdate | undefined): void {
    const isFiltered = viewOptions(this.services.context).filter !== ''
    // Under a filter a run's new phase may show or hide its experiment.
    const isList = change === undefined || (isFiltered && change.update.experiments.length > 0)
    const nodes = isList ? undefined : change.rows.changed(change.update)
    this.changed.fire(nodes === undefined ? undefined : [...nodes])
    this.showState()
  }

  private takeQueue(): void {
    const before = this.queued
    this.queued = this.queuedFolds()
    const keys = [...new Set([...before, ...this.queued])].filter((key) => before.has(key) !== this.queued.has(key))
    const nodes = keys.flatMap((key) => {
      const [root, experiment, fold] = key.split('\n')
      return this.trees.at(root)?.fold(experiment, Number(fold)) ?? []
    })
    if (nodes.length > 0) this.changed.fire(nodes)
  }

  private queuedFolds(): ReadonlySet<string> {
    const waiting = (this.services.queue?.jobs ?? []).filter(({ process }) => process === undefined)
    const folds = waiting.filter(({ work }) => work.kind !== 'debug')
    return new Set(folds.map(({ root, work }) => nodeId(root, work.experiment, work.fold)))
  }

  private experiments(rows: TreeRows): TreeNode[] {
    const names = rows.tree.experiments(viewOptions(this.services.context), phaseText)
    return names.map((name) => rows.experiment(name))
  }

  private projectNode(root: string): ProjectNode {
    const node = this.projectNodes.get(root) ?? { type: 'project', id: nodeId(root), target: { root } }
    this.projectNodes.set(root, node)
    return node
  }

  /** Badge and message of the view. */
  private showState(): void {
    const { stores } = this.trees
    const options = viewOptions(this.services.context)
    const running = stores.flatMap(({ runs }) => [...runs.values()].filter(({ phase }) => phase === 'running')).length
    this.view.badge =
      running === 0
        ? undefined
        : {
            value: running,
            tooltip:
              running === 1 ? vscode.l10n.t('1 run in training') : vscode.l10n.t('{0} runs in training', running),
          }
    // A welcome with a button stands in an empty view, but only where there is no message.
    this.view.message = this.isNothingFound
      ? undefined
      : viewMessage(stores, (store) => this.trees.of(store).tree.problem, options.filter)
    void vscode.commands.executeCommand('setContext', 'foldwise.filtered', options.filter !== '')
  }
}

function queueKey({ target, experiment, fold }: FoldNode): string {
  return nodeId(target.root, experiment, fold)
}

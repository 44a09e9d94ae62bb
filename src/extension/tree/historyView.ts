import { basename } from 'node:path'
import * as vscode from 'vscode'
import { Disposables } from '../store/disposables.ts'
import { durationText } from '../texts.ts'
import { byDay, daysAgo, historyOf, type HistoryDay, type HistoryEntry } from './history.ts'
import type { ProjectTrees, RowsUpdate } from './projectTrees.ts'
import { icon } from './runIcons.ts'
import { runItem } from './runItem.ts'
import { runTooltip } from './runTooltip.ts'
import { nodeId, type RowTarget } from './treeNodes.ts'
import { runStateText, shortDevice } from './treeTexts.ts'
import type { WorstPictures } from './worstPicture.ts'

interface DayNode {
  readonly type: 'day'
  readonly id: string
  readonly midnight: number
}
interface EntryNode {
  readonly type: 'run'
  readonly id: string
  readonly target: RowTarget & { readonly run: string }
}
interface MoreNode {
  readonly type: 'more'
  readonly id: 'more'
  readonly count: number
}
type HistoryNode = DayNode | EntryNode | MoreNode

const pageLength = 200
const showMore = 'foldwise.history.showMore'

/** The view "History": every run by time, whatever became of it. */
export class HistoryView implements vscode.TreeDataProvider<HistoryNode>, vscode.Disposable {
  private readonly own = new Disposables()
  private readonly changed = this.own.add(new vscode.EventEmitter<HistoryNode[] | undefined>())
  readonly onDidChangeTreeData = this.changed.event
  private readonly trees: ProjectTrees
  private readonly pictures: WorstPictures
  private readonly view: vscode.TreeView<HistoryNode>
  private readonly nodes = new Map<string, EntryNode>()
  private entries: readonly HistoryEntry[] | undefined
  private shown = pageLength
  /** Day of the month on which it was drawn. */
  private drawnDay = new Date().getDate()

  constructor(trees: ProjectTrees, pictures: WorstPictures) {
    this.trees = trees
    this.pictures = pictures
    this.view = this.own.add(vscode.window.createTreeView('foldwise.history', { treeDataProvider: this }))
    this.own.add(
      trees.onDidChange((update) => {
        this.take(update)
      }),
    )
    // "Today" is another day after a night.
    this.own.add(
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible && this.drawnDay !== new Date().getDate()) this.changed.fire(undefined)
      }),
    )
    this.own.add(
      vscode.commands.registerCommand(showMore, () => {
        this.shown += pageLength
        this.changed.fire(undefined)
      }),
    )
  }

  get selected(): HistoryNode | undefined {
    return this.view.selection.at(0)
  }

  async getChildren(node?: HistoryNode): Promise<HistoryNode[]> {
    await this.trees.loaded()
    const all = (this.entries ??= historyOf(this.trees.stores))
    const days = byDay(all.slice(0, this.shown))
    if (node === undefined) {
      this.drawnDay = new Date().getDate()
      const rest = all.length - this.shown
      const more: readonly MoreNode[] = rest > 0 ? [{ type: 'more', id: 'more', count: rest }] : []
      return [...days.map(dayNode), ...more]
    }
    if (node.type !== 'day') return []
    const day = days.find(({ midnight }) => midnight === node.midnight)
    return (day?.entries ?? []).map((entry) => this.entryNode(entry))
  }

  getTreeItem(node: HistoryNode): vscode.TreeItem {
    switch (node.type) {
      case 'day':
        return dayItem(node)
      case 'more':
        return moreItem(node)
      case 'run':
        return this.entryItem(node)
      default:
        return node satisfies never
    }
  }

  async resolveTreeItem(
    item: vscode.TreeItem,
    node: HistoryNode,
    token: vscode.CancellationToken,
  ): Promise<vscode.TreeItem> {
    if (node.type !== 'run') return item
    const tree = this.trees.at(node.target.root)?.tree
    const facts = tree?.run(node.target.run)
    if (tree === undefined || facts === undefined) return item
    const worst = await this.pictures.of(tree.root, facts.run, `${facts.phase} ${facts.epoch}`, token)
    if (!token.isCancellationRequested) item.tooltip = runTooltip(tree, facts, worst)
    return item
  }

  dispose(): void {
    this.own.dispose()
  }

  private take(change: RowsUpdate | undefined): void {
    if (change === undefined || change.update.isListChanged) {
      this.entries = undefined
      this.changed.fire(undefined)
      return
    }
    const { root } = change.rows.tree
    const nodes = [...change.names].flatMap((run) => this.nodes.get(nodeId(root, run)) ?? [])
    if (nodes.length > 0) this.changed.fire(nodes)
  }

  private entryNode({ root, run }: HistoryEntry): EntryNode {
    const id = nodeId(root, run)
    const place = this.trees.at(root)?.tree.place(run)
    const of = place && { experiment: place.experiment, fold: place.identity.fold }
    const node = this.nodes.get(id) ?? { type: 'run', id, target: { root, run, ...of } }
    this.nodes.set(id, node)
    return node
  }

  private entryItem({ id, target }: EntryNode): vscode.TreeItem {
    const tree = this.trees.at(target.root)?.tree
    const facts = tree?.run(target.run)
    // Deleted between two drawings: the next one leaves it out.
    if (tree === undefined || facts === undefined) return new vscode.TreeItem(target.run)
    const duration = facts.duration === undefined ? undefined : durationText(facts.duration)
    const project = this.trees.stores.length > 1 ? basename(target.root) : undefined
    const row = {
      id,
      target,
      label: target.run,
      details: [
        runStateText(facts, tree.metric),
        duration,
        vscode.l10n.t('seed {0}', facts.seed),
        shortDevice(facts),
        project,
      ],
      isDebug: tree.place(target.run)?.isDebug === true,
      isExpandable: false,
    }
    return runItem(row, facts)
  }
}

function dayNode({ midnight }: HistoryDay): DayNode {
  return { type: 'day', id: `day ${midnight}`, midnight }
}

function dayItem({ id, midnight }: DayNode): vscode.TreeItem {
  const item = new vscode.TreeItem(dayText(midnight), vscode.TreeItemCollapsibleState.Expanded)
  item.id = id
  item.contextValue = 'day'
  return item
}

function dayText(midnight: number): string {
  switch (daysAgo(midnight, Date.now())) {
    case 0:
      return vscode.l10n.t('Today')
    case 1:
      return vscode.l10n.t('Yesterday')
    default:
      return new Date(midnight).toLocaleDateString(vscode.env.language, { dateStyle: 'full' })
  }
}

function moreItem({ id, count }: MoreNode): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Show more…'))
  item.id = id
  item.description = vscode.l10n.t('{0} older runs', count)
  item.iconPath = icon('ellipsis')
  item.contextValue = 'more'
  item.command = { command: showMore, title: vscode.l10n.t('Show more…') }
  return item
}

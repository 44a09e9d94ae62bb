import * as vscode from 'vscode'
import * as z from 'zod'
import { UserError, describeUserError } from '../../core/errors.ts'
import type { Services } from '../services.ts'

/** What a comparison is about; stands in the query of its address, so that it survives a reload. */
const subjectSchema = z.object({ root: z.string(), experiments: z.array(z.string()).readonly() })
type Subject = z.infer<typeof subjectSchema>

const scheme = 'foldwise-compare'

/** Address of the comparison of some experiments with the baseline. */
export function comparisonUri({ root, experiments }: Subject): vscode.Uri {
  const names = experiments.length > 3 ? [...experiments.slice(0, 3), '…'] : experiments
  const title = vscode.l10n.t('{0} against the baseline', names.join(', '))
  return vscode.Uri.from({ scheme, path: `/${title}.md`, query: JSON.stringify({ root, experiments }) })
}

/** Makes comparisons readable as documents, which follow the results while they are open. */
export function registerComparisons({ projects }: Services): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>()
  const open = (): readonly vscode.Uri[] =>
    vscode.workspace.textDocuments.map(({ uri }) => uri).filter((uri) => uri.scheme === scheme)
  const tellAll = (root?: string): void => {
    for (const uri of open()) if (root === undefined || subjectOf(uri)?.root === root) changed.fire(uri)
  }
  const provider: vscode.TextDocumentContentProvider = {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) => textOf(projects, subjectOf(uri)),
  }
  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(scheme, provider),
    projects.onDidChangeWithin(({ store }) => {
      tellAll(store.workspace.root)
    }),
    projects.onDidChange(() => {
      tellAll()
    }),
  )
}

async function textOf(projects: Services['projects'], subject: Subject | undefined): Promise<string> {
  const { comparisonMarkdown, refusedMarkdown } = await import('./comparisonMarkdown.ts')
  const store = subject && projects.at(subject.root)
  if (subject === undefined || store === undefined)
    return refusedMarkdown(vscode.l10n.t('Their project is not open in this window.'))
  await store.loaded
  try {
    const { comparisonModel } = await import('./comparisonModel.ts')
    return comparisonMarkdown(comparisonModel([...store.results.values()], store.project(), subject.experiments))
  } catch (error) {
    // Broken files and different splits: the document says so, and comes back when they are mended.
    if (error instanceof UserError) return refusedMarkdown(describeUserError(error))
    throw error
  }
}

function subjectOf({ query }: vscode.Uri): Subject | undefined {
  try {
    return subjectSchema.parse(JSON.parse(query))
  } catch {
    return undefined
  }
}

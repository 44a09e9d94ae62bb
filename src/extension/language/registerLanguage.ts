import * as vscode from 'vscode'
import type { Services } from '../services.ts'
import { Disposables } from '../store/disposables.ts'
import { projectDocument } from './projectDocument.ts'
import { revealCommand } from './revealCommand.ts'
import { Throttled } from './throttled.ts'

/** Progress of a run changes its lens no oftener than this. */
const lensMilliseconds = 1000

const project = { scheme: 'file', pattern: '**/foldwise/project.jsonc' }
const experiments = { scheme: 'file', pattern: '**/foldwise/experiments/*.jsonc' }
const own: vscode.DocumentSelector = [project, experiments]

/** Texts that name images: in notebooks and unsaved files as well. */
const pictured: vscode.DocumentSelector = ['file', 'untitled', 'vscode-notebook-cell'].flatMap((scheme) => [
  ...['json', 'jsonc', 'jsonl', 'csv', 'tsv', 'plaintext', 'python', 'yaml'].map((language) => ({ scheme, language })),
  { scheme, pattern: '**/*.{csv,tsv,txt}' },
])

/** What appears inside editors. Registering costs nothing; the code of each comes when it is first needed. */
export function registerLanguage(services: Services): Disposables {
  const all = new Disposables()
  const { languages } = vscode
  all.add(registerLenses(services))
  all.add(registerChecks(services))
  all.add(
    languages.registerDefinitionProvider(own, {
      provideDefinition: async (document, position) =>
        (await import('./navigation.ts')).provideDefinition(services, document, position).slice(),
    }),
  )
  all.add(
    languages.registerDocumentLinkProvider(project, {
      provideDocumentLinks: async (document) =>
        (await import('./navigation.ts')).provideFolderLinks(services, document),
    }),
  )
  all.add(
    vscode.commands.registerCommand(revealCommand, async (path: unknown) =>
      (await import('./navigation.ts')).revealFolder(services, path),
    ),
  )
  all.add(
    languages.registerHoverProvider(own, {
      provideHover: async (document, position) =>
        (await import('./navigation.ts')).provideExperimentHover(services, document, position),
    }),
  )
  all.add(
    languages.registerHoverProvider(experiments, {
      provideHover: async (document, position) =>
        (await import('./scheduleHover.ts')).provideScheduleHover(services, document, position),
    }),
  )
  all.add(
    languages.registerCompletionItemProvider(
      own,
      {
        provideCompletionItems: async (document, position) =>
          (await import('./experimentNames.ts'))
            .provideExperimentNames(services, document, position)
            .then((items) => [...items]),
      },
      '"',
    ),
  )
  all.add(registerPictures(services))
  all.add(registerPastes(services))
  return all
}

/** A pipeline of Albumentations, pasted into an experiment. */
function registerPastes(services: Services): vscode.Disposable {
  const kind = vscode.DocumentDropOrPasteEditKind.Text.append('foldwise', 'albumentations')
  return vscode.languages.registerDocumentPasteEditProvider(
    experiments,
    {
      provideDocumentPasteEdits: async (document, ranges, data, _context, token) =>
        (await import('./pastedPipelines.ts')).providePastedPipelines(services, document, ranges, data, kind, token),
    },
    { pasteMimeTypes: ['text/plain'], providedPasteEditKinds: [kind] },
  )
}

function registerLenses(services: Services): Disposables {
  const all = new Disposables()
  const changed = all.add(new vscode.EventEmitter<void>())
  const refreshes = all.add(
    new Throttled(() => {
      changed.fire()
    }, lensMilliseconds),
  )
  const { projects } = services
  for (const event of [projects.onDidChange, projects.onDidChangeWithin] as readonly vscode.Event<unknown>[])
    all.add(
      event(() => {
        refreshes.ask()
      }),
    )
  all.add(
    vscode.languages.registerCodeLensProvider(own, {
      onDidChangeCodeLenses: changed.event,
      provideCodeLenses: async (document) => [
        ...(await (await import('./lenses.ts')).provideLenses(services, document)),
      ],
    }),
  )
  return all
}

/** Begins to check when the first file to check is open. */
function registerChecks(services: Services): Disposables {
  const all = new Disposables()
  const load = async () => all.add(new (await import('./checks.ts')).Checks(services))
  let checks: ReturnType<typeof load> | undefined
  const begin = () => (checks ??= load())
  const look = (document: vscode.TextDocument): void => {
    if (projectDocument(services.projects, document.uri) !== undefined) void begin()
  }
  all.add(vscode.workspace.onDidOpenTextDocument(look))
  all.add(
    services.projects.onDidChange(() => {
      vscode.workspace.textDocuments.forEach(look)
    }),
  )
  vscode.workspace.textDocuments.forEach(look)
  all.add(
    vscode.languages.registerCodeActionsProvider(
      own,
      {
        provideCodeActions: async (document, range, context) => {
          const { provideQuickFixes } = await import('./quickFixes.ts')
          return provideQuickFixes(services, await begin(), document, range, context).slice()
        },
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
  )
  return all
}

function registerPictures(services: Services): vscode.Disposable {
  const load = async () => new (await import('./pictureHovers.ts')).PictureHovers(services)
  let pictures: ReturnType<typeof load> | undefined
  return vscode.languages.registerHoverProvider(pictured, {
    provideHover: async (document, position, token) => {
      const isWanted = vscode.workspace.getConfiguration('foldwise', document).get<boolean>('pictureHover', true)
      if (!isWanted) return undefined
      pictures ??= load()
      return (await pictures).hover(document, position, token)
    },
  })
}

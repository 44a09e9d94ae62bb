import { realpath, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import type { Services } from '../services.ts'
import { isBelow } from './isBelow.ts'
import { literal } from './literal.ts'
import { pathCandidates, type Bases } from './pathCandidates.ts'
import { pathTokensAt, textKind, type PathToken } from './pathToken.ts'
import { PictureCache } from './pictureCache.ts'
import { longestSide, pictureMarkdown } from './pictureMarkdown.ts'

/** Longer lines are data, not text that anybody reads. */
const longestLine = 100_000

interface PictureFile {
  readonly path: string
  /** Changes with the content. */
  readonly version: string
}

/** Pictures of the images and masks that a text names. */
export class PictureHovers {
  private readonly services: Services
  private readonly cache = new PictureCache()

  constructor(services: Services) {
    this.services = services
  }

  /** undefined where nothing is named, nothing is there, or it went wrong: a hover never complains loudly. */
  async hover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    try {
      const { text } = document.lineAt(position)
      if (text.length > longestLine) return undefined
      const tokens = pathTokensAt(text, position.character, textKind(document.languageId, document.fileName))
      const bases = tokens.length === 0 ? undefined : this.bases(document)
      for (const each of bases === undefined ? [] : tokens) {
        const file = await firstFile(pathCandidates(each, bases!))
        if (token.isCancellationRequested) return undefined
        if (file !== undefined) return await this.show(file, rangeOf(position.line, each), token)
      }
    } catch (error) {
      this.services.log.warn(`picture of a path: ${String(error)}`)
    }
    return undefined
  }

  private async show(
    { path, version }: PictureFile,
    range: vscode.Range,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const root = this.services.projects.of(vscode.Uri.file(path))?.workspace.root
    const markdown = new vscode.MarkdownString()
    markdown.supportHtml = true
    try {
      const question = { type: 'picture', file: path, longestSide, ...(root === undefined ? {} : { root }) } as const
      const key = [path, version, root].join('\n')
      const answer = await this.cache.of(key, Date.now(), () => this.services.assistant.ask<'picture'>(question))
      if (token.isCancellationRequested) return undefined
      markdown.value = pictureMarkdown(basename(path), answer, vscode.env.language)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      markdown.value = literal(`${basename(path)}: ${error.message}`)
    }
    return new vscode.Hover(markdown, range)
  }

  private bases(document: vscode.TextDocument): Bases {
    const { projects } = this.services
    const own = projects.of(document.uri)
    const stores = own === undefined ? projects.all : [own, ...projects.all.filter((store) => store !== own)]
    return {
      document: document.isUntitled ? undefined : dirname(document.uri.fsPath),
      workspace: workspaceFolders(),
      projects: stores.flatMap((store) => {
        const { root } = store.workspace
        try {
          const { images, masks } = store.project().dataset
          return [{ root, images, masks }]
        } catch (error) {
          // Broken while it is being typed: other folders are still there.
          if (error instanceof UserError) return [{ root, images: '.', masks: '.' }]
          throw error
        }
      }),
    }
  }
}

/** The first of them that is a file. In a workspace that is not trusted, nothing outside it is looked at. */
async function firstFile(paths: readonly string[]): Promise<PictureFile | undefined> {
  for (const path of paths) {
    if (!vscode.workspace.isTrusted && !(await isInWorkspace(path))) continue
    const found = await stat(path).catch(() => undefined)
    if (found?.isFile() === true) return { path, version: `${found.mtimeMs} ${found.size}` }
  }
  return undefined
}

/** Also where its links lead. */
async function isInWorkspace(path: string): Promise<boolean> {
  const folders = workspaceFolders()
  if (!folders.some((folder) => isBelow(folder, path))) return false
  const target = await realpath(path).catch(() => undefined)
  if (target === undefined) return false
  const homes = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)))
  return homes.some((home) => isBelow(home, target))
}

function workspaceFolders(): readonly string[] {
  const folders = vscode.workspace.workspaceFolders ?? []
  return folders.filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath)
}

function rangeOf(line: number, { start, end }: PathToken): vscode.Range {
  return new vscode.Range(line, start, line, end)
}

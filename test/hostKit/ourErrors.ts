import type { Page } from 'playwright-core'
import type { LogEntry } from './hostLogs.ts'

/** An error in the page: a message of its console or an exception. */
export interface PageError {
  readonly text: string
  /** The script or document that it came from. */
  readonly url: string
}

/** Collects the errors of a page from now on. */
export function watchPage(page: Page, log: (line: string) => void): PageError[] {
  const errors: PageError[] = []
  page.on('console', (message) => {
    log(`[page:${message.type()}] ${message.text()}`)
    if (message.type() === 'error') errors.push({ text: message.text(), url: message.location().url })
  })
  page.on('pageerror', (error) => {
    log(`[page] ${error.stack ?? error.message}`)
    errors.push({ text: error.stack ?? error.message, url: '' })
  })
  return errors
}

// Files of the workbench and of the server. Their own errors, and lines of stacks in them, are not ours to mend.
const ofVsCode = /\/static\/|\/code-server\/lib\/vscode\//

/** The errors of our extension: they name it, its code, or come from a script that is not VS Code's. */
export function ourErrors(pageErrors: readonly PageError[], logs: readonly LogEntry[], extension?: string): string[] {
  const namesUs = (text: string): boolean =>
    /\bfoldwise\.\w/.test(text) || (extension !== undefined && text.includes(`${extension}/dist/`))
  const ofPage = pageErrors.filter(({ text, url }) => namesUs(`${text} ${url}`) || !ofVsCode.test(`${text} ${url}`))
  const ofHosts = logs.filter(({ level, file, text }) => level === 'error' && namesUs(`${file} ${text}`))
  return [
    ...ofPage.map(({ text, url }) => `${ownLines(text)} (page ${url})`),
    ...ofHosts.map(({ text, file }) => `${ownLines(text)} (${file})`),
  ]
}

function ownLines(text: string): string {
  return text
    .split('\n')
    .filter((line, index) => index === 0 || !ofVsCode.test(line))
    .join('\n')
}

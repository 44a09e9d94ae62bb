import * as vscode from 'vscode'

/** A tooltip built line by line; every text in it is taken literally, whatever it holds. */
export class Tooltip {
  readonly text = new vscode.MarkdownString('', true)

  constructor(title: string, after = '') {
    this.text.appendMarkdown(`**${literal(title)}**${after === '' ? '' : ` — ${literal(after)}`}`)
    this.gap()
  }

  /** Begins a new paragraph. */
  gap(): void {
    this.text.appendMarkdown('\n\n')
  }

  line(text: string): void {
    this.text.appendMarkdown(`${literal(text)}  \n`)
  }

  /** `name: value`; nothing where there is no value. */
  field(name: string, value: string | undefined): void {
    if (value !== undefined && value !== '') this.text.appendMarkdown(`*${literal(name)}*: ${literal(value)}  \n`)
  }

  bullet(text: string): void {
    this.text.appendMarkdown(`- ${literal(text)}\n`)
  }

  warning(text: string): void {
    this.text.appendMarkdown(`\n\n$(warning) ${literal(text)}\n\n`)
  }

  /** @param source a data address  @param description for who cannot see it */
  picture(source: string, description: string): void {
    this.text.appendMarkdown(`\n\n![${literal(description)}](${source})`)
  }
}

/** On one line, without anything that Markdown would take for its own. `appendText` would forbid every line break. */
function literal(text: string): string {
  return text
    .replace(/\s*\n\s*/g, ' ')
    .replace(/[\\`*_{}[\]()#+\-.!~|$]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
}

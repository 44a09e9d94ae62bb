import * as vscode from 'vscode'

/** A tooltip built line by line; every text in it is taken literally, whatever it holds. */
export class Tooltip {
  readonly text = new vscode.MarkdownString('', true)

  constructor(title: string, after = '') {
    this.text.appendMarkdown('**').appendText(title).appendMarkdown('**')
    if (after !== '') this.text.appendMarkdown(' — ').appendText(after)
    this.gap()
  }

  /** Begins a new paragraph. */
  gap(): void {
    this.text.appendMarkdown('\n\n')
  }

  line(text: string): void {
    this.text.appendText(oneLine(text)).appendMarkdown('  \n')
  }

  /** `name: value`; nothing where there is no value. */
  field(name: string, value: string | undefined): void {
    if (value === undefined || value === '') return
    this.text.appendMarkdown('*').appendText(name).appendMarkdown('*: ').appendText(oneLine(value))
    this.text.appendMarkdown('  \n')
  }

  bullet(text: string): void {
    this.text.appendMarkdown('- ').appendText(oneLine(text)).appendMarkdown('\n')
  }

  warning(text: string): void {
    this.gap()
    this.text.appendMarkdown('$(warning) ').appendText(oneLine(text))
    this.gap()
  }

  /** @param source a data address  @param description for who cannot see it */
  picture(source: string, description: string): void {
    this.text.appendMarkdown(`\n\n![${description.replace(/[[\]]/g, '')}](${source})`)
  }
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ')
}

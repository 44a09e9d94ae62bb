/** A text on one line without anything that Markdown, or HTML in it, would take for its own. */
export function literal(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[&<>"\\`*_{}[\]()#+!~|$:-]/g, (character) => `&#${character.charCodeAt(0)};`)
}

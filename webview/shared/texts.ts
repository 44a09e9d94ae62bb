import * as l10n from '@vscode/l10n'

// The host writes the texts of its language into the page: a view has no other way to read a file.
const bundle = document.getElementById('texts')?.textContent ?? ''
if (bundle !== '') l10n.config({ contents: bundle })

/** A text in the language of VS Code: the English text is its key, `{0}`, `{1}`… are replaced by the arguments. */
export const text = l10n.t

/**
 * Called by links alone. A link to VS Code's own command would name the folder as this machine does, and the window may
 * run on another.
 */
export const revealCommand = 'foldwise.revealFolder'

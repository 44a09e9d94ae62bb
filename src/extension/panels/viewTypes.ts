/** How VS Code knows our views, over reloads too. */
export const viewTypes = { curves: 'foldwise.curves', overlay: 'foldwise.overlay' } as const

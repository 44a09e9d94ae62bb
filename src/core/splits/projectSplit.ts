/** A column of a CSV file that says something of each image. */
export interface ImageColumn {
  /** Relative to the workspace. */
  readonly file: string
  readonly column: string
  /** The column that names the images. */
  readonly image: string
}

/** The split as written: the method, its own arguments under their own names, and what the method must know of the images. */
export interface ProjectSplit {
  readonly method: string
  readonly group?: { readonly pattern?: string | undefined } & {
    readonly [Key in keyof ImageColumn]?: ImageColumn[Key] | undefined
  }
  readonly labels?: 'dominant' | 'presence' | ImageColumn
  readonly folds?: ImageColumn
  readonly [argument: string]: unknown
}

/** Absolute path of a fresh sample project; the one of that name is replaced. */
export declare function sampleProject(name: string): string

import manifest from '../../package.json' with { type: 'json' }

/** Version of Foldwise, as recorded in every run. */
export const productVersion = manifest.version

/** Installs what is missing. @returns why the host cannot be had here and what to do; undefined once it is ready */
export declare function ensureHost(): string | undefined

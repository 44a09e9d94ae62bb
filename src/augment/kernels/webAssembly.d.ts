/** What the kernels use of WebAssembly: this room has neither the types of a browser nor those of Node. */
declare namespace WebAssembly {
  interface Module {
    readonly exports?: never
  }
  const Module: new (bytes: Uint8Array) => Module
  class Memory {
    constructor(limits: { readonly initial: number })
    readonly buffer: ArrayBuffer
    grow(pages: number): number
  }
  class Instance {
    constructor(module: Module, imports: { readonly env: { readonly memory: Memory; readonly abort: () => never } })
    readonly exports: object
  }
}

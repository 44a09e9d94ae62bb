/** What the kernels use of WebAssembly: this room has neither the types of a browser nor those of Node. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }
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

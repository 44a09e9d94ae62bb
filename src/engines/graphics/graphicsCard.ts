/** A graphics card as the operating system names it: the runtime's binding for Node does not tell what it opened. */
export interface GraphicsCard {
  readonly name: string
  readonly isNvidia: boolean
  /** Its own memory; null where it shares the processor's, or the system does not tell. */
  readonly memoryBytes: number | null
}

/** Displays of virtual machines and renderers on the processor: nothing there computes faster than the CPU engine. */
const withoutHardware =
  /swiftshader|llvmpipe|lavapipe|softpipe|basic render|basic display|remote display|hyper-v|virtio|vmware|virtualbox|qxl|bochs|cirrus|parallels display/i

export function isHardware({ name }: GraphicsCard): boolean {
  return !withoutHardware.test(name)
}

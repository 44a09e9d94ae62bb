import { spawnSync } from 'node:child_process'
import { cpus, release, totalmem } from 'node:os'
import * as z from 'zod'
import { probeBlockSize } from '../src/engines/onnx/blockSize.ts'
import { runtimeVersion } from '../src/engines/onnx/onnxEngine.ts'

/** What a figure depends on beside the code: enough to judge it, nothing that names the machine itself. */
export const machineSchema = z.strictObject({
  cpu: z.string(),
  cores: z.int(),
  /** Seen from the runtime's kernels, not from the processor's flags. */
  kernels: z.string(),
  memoryGiB: z.int(),
  os: z.string(),
  /** Of Node, the runtime, and whatever the reference imports. */
  versions: z.record(z.string(), z.string()),
})
export type Machine = z.infer<typeof machineSchema>

const kernels: Partial<Record<number, string>> = { 16: 'AVX-512', 8: 'AVX2', 4: 'SSE or NEON' }
const referencePackages = ['torch', 'segmentation_models_pytorch', 'timm', 'albumentations', 'opencv-python-headless']

export async function thisMachine(python: string | undefined): Promise<Machine> {
  const block = await probeBlockSize()
  const name = kernels[block]
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    kernels: name === undefined ? 'no blocked kernels' : `${name}, blocks of ${block}`,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    // Without what a vendor appends to the kernel's version.
    os: `${process.platform}-${process.arch}, kernel ${/^[\d.]+/.exec(release())?.[0] ?? 'unknown'}`,
    versions: {
      node: process.versions.node,
      'onnxruntime-node': runtimeVersion,
      ...(python === undefined ? {} : versionsOf(python)),
    },
  }
}

/** `intel-xeon-2-cores-avx-512`: part of a file's name. */
export function machineName({ cpu, cores, kernels }: Machine): string {
  const words = `${cpu.replaceAll(/\((?:R|TM)\)|\b(?:CPU|Processor)\b|@.*/gi, '')} ${cores} cores ${kernels.split(',')[0]}`
  return words
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}

/** Those of the reference's packages that this Python has. */
export function versionsOf(python: string): Record<string, string> {
  const script = `
import importlib.metadata, json, platform, sys
versions = {"python": platform.python_version()}
for name in sys.argv[1:]:
    try:
        versions[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps(versions))`
  const { status, stdout, stderr } = spawnSync(python, ['-c', script, ...referencePackages], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`FOLDWISE_PYTHON does not run: ${stderr}`)
  return JSON.parse(stdout) as Record<string, string>
}

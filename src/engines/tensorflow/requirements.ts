/** The GPU package first: where both are there, somebody wanted it. */
export const packages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const
export type PackageName = (typeof packages)[number]

// Of version 4.22.0, from its README, package.json and scripts/deps-constants.js; docs/TENSORFLOW.md has the details.

const node = 'Node.js with Node-API 8 (16 and later)'

/** What a package's binary needs of a machine, in one line. */
export function requirements(name: PackageName): string {
  return name === '@tensorflow/tfjs-node-gpu'
    ? `${node} on linux-x64 or win32-x64, an NVIDIA driver above 450, CUDA 11.2 (libcudart.so.11.0) and cuDNN 8.1 (libcudnn.so.8) where the system finds libraries`
    : `${node} on linux-x64, win32-x64, darwin-x64 or darwin-arm64`
}

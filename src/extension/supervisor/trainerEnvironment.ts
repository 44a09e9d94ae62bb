type Environment = Readonly<Record<string, string | undefined>>

/**
 * The environment of a trainer. Large pages take 4–7 % off each step of a long training on Linux (docs/PERFORMANCE.md), and
 * cost a second when it starts: debug runs go without.
 */
export function trainerEnvironment(inherited: Environment, verb: string, platform: NodeJS.Platform): Environment {
  // In the desktop's VS Code this executable is Electron, which runs as Node when told so.
  const environment = { ...inherited, ELECTRON_RUN_AS_NODE: '1' }
  const tunables = inherited['GLIBC_TUNABLES']
  if (platform !== 'linux' || verb !== 'train' || tunables?.includes('glibc.malloc.hugetlb')) return environment
  return { ...environment, GLIBC_TUNABLES: [...(tunables ? [tunables] : []), 'glibc.malloc.hugetlb=1'].join(':') }
}

/** Runs the tests in the extension host. @param pattern part of a file's name */
export function testHost(pattern?: string): Promise<{ readonly passed: number; readonly failed: number }>
/** Absolute path of a fresh sample project; the one of that name is replaced. */
export function sampleProject(name: string): string

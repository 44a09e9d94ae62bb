import { execFile } from 'node:child_process'

/** What a program of the system prints; empty where there is none, it fails, or it takes longer than five seconds. */
export async function outputOf(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, [...args], { timeout: 5000, windowsHide: true }, (error, stdout) => {
      resolve(error === null ? stdout : '')
    })
  })
}

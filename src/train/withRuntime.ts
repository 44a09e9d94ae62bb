import { UserError } from '../core/errors.ts'

/** @throws UserError where ONNX Runtime has no binary that loads on this machine */
export async function withRuntime<Value>(start: () => Promise<Value>): Promise<Value> {
  try {
    return await start()
  } catch (error) {
    const isExplained = !(error instanceof Error) || error instanceof UserError
    if (isExplained || !/onnxruntime_binding|ERR_DLOPEN|Cannot find module/.test(error.message)) throw error
    throw new UserError(`onnxruntime-node has no binary that loads on ${process.platform}-${process.arch}.`, {
      allowed: 'linux-x64, linux-arm64, win32-x64, win32-arm64, darwin-arm64',
      hint: 'macOS on Intel is not supported by the runtime any more; train on one of the platforms above.',
      code: 'engine-unavailable',
      cause: error,
    })
  }
}

/** What counts the arguments of a call: handle and text of the message come before its buffers. */
const argumentCounts = 256
const otherArguments = 2

/**
 * A message as it arrives in a webview. VS Code writes typed arrays as references to their buffers, hands each buffer on once,
 * and counts them in a byte (1.139: extHostWebviewMessaging.ts and rpcProtocol.ts).
 */
export function transported<Message>(message: Message): Message {
  const buffers: ArrayBufferLike[] = []
  const text = JSON.stringify(message, (_, value: unknown) => {
    if (!(value instanceof Float64Array)) return value
    if (!buffers.includes(value.buffer)) buffers.push(value.buffer)
    return { index: buffers.indexOf(value.buffer), offset: value.byteOffset, length: value.length, isNumbers: true }
  })
  const count = ((buffers.length + otherArguments) % argumentCounts) - otherArguments
  const arriving = buffers.slice(0, count).map((buffer) => buffer.slice(0))
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('isNumbers' in value)) return value
    const { index, offset, length } = value as unknown as { index: number; offset: number; length: number }
    const buffer = arriving.at(index)
    return buffer === undefined ? new Float64Array() : new Float64Array(buffer, offset, length)
  }) as Message
}

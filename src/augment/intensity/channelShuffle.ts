import * as z from 'zod'
import { defineDrawnTransform, probability } from '../transform.ts'

export const channelShuffle = defineDrawnTransform({
  name: 'ChannelShuffle',
  summary: 'Exchanges red, green and blue at random.',
  arguments: z.object({ p: probability(0.5) }),
  outputSizes: (size) => [size],
  /** For each new channel the old one that it is. */
  draw: (_sample, _args, random) => random.shuffle([0, 1, 2]) as [number, number, number],
  perform(sample, [red, green, blue]) {
    const { image } = sample
    const output = new Uint8Array(image.length)
    for (let i = 0; i < image.length; i += 3) {
      output[i] = image[i + red]!
      output[i + 1] = image[i + green]!
      output[i + 2] = image[i + blue]!
    }
    return { ...sample, image: output }
  },
})

import type { AnswerOf } from '../../protocol/questions.ts'

type Picture = AnswerOf<'picture'>

const kept = 24
/** The mask of an unchanged image may be redrawn, its colours changed. */
const freshMilliseconds = 30_000

/** Pictures that were asked for last: the same hover comes back with every move of the mouse. */
export class PictureCache {
  private readonly pictures = new Map<string, { readonly picture: Promise<Picture>; readonly time: number }>()

  /** @param key changes with the file  @param now milliseconds */
  async of(key: string, now: number, make: () => Promise<Picture>): Promise<Picture> {
    const known = this.pictures.get(key)
    const isFresh = known !== undefined && now - known.time < freshMilliseconds
    const entry = isFresh ? known : { picture: make(), time: now }
    // The one asked for last is let go last.
    this.pictures.delete(key)
    this.pictures.set(key, entry)
    for (const oldest of this.pictures.keys()) if (this.pictures.size > kept) this.pictures.delete(oldest)
    try {
      return await entry.picture
    } catch (error) {
      if (this.pictures.get(key) === entry) this.pictures.delete(key)
      throw error
    }
  }
}

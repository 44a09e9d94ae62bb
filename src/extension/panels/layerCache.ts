import type { AnswerOf } from '../../protocol/questions.ts'

export type LayersAnswer = AnswerOf<'layers'>

/** @throws UserError what is wrong with the image  @throws Error where the program died */
export type AskLayers = (run: string, image: string) => Promise<LayersAnswer>

/** Images that are kept: the one shown, its neighbours and their baselines. */
const keptAnswers = 8
/** Characters of base64: some 50 MB in memory. */
const keptCharacters = 50_000_000

interface Kept {
  readonly answer: Promise<LayersAnswer>
  characters: number
}

/**
 * Pictures that were asked for, the last few of them; asked twice, they come once. What failed or is incomplete is asked for
 * anew: a person may have mended it.
 */
export class LayerCache {
  private readonly ask: AskLayers
  private readonly kept = new Map<string, Kept>()

  constructor(ask: AskLayers) {
    this.ask = ask
  }

  get(run: string, image: string): Promise<LayersAnswer> {
    const key = `${run}\n${image}`
    const known = this.kept.get(key)
    this.kept.delete(key)
    const kept = known ?? this.fetch(key, run, image)
    this.kept.set(key, kept)
    this.shrink()
    return kept.answer
  }

  /** After the files behind them changed. */
  clear(): void {
    this.kept.clear()
  }

  private fetch(key: string, run: string, image: string): Kept {
    const answer = this.ask(run, image)
    const kept: Kept = { answer, characters: 0 }
    const drop = (): void => {
      if (this.kept.get(key) === kept) this.kept.delete(key)
    }
    answer.then(({ image: photograph, truth, prediction, note }) => {
      kept.characters = photograph.length + (truth?.length ?? 0) + (prediction?.length ?? 0)
      if (note !== undefined || truth === null) drop()
      this.shrink()
    }, drop)
    return kept
  }

  /** The oldest go first; the newest stays, however large. */
  private shrink(): void {
    let characters = 0
    for (const each of this.kept.values()) characters += each.characters
    for (const [key, oldest] of this.kept) {
      const isTooMuch = this.kept.size > keptAnswers || characters > keptCharacters
      if (!isTooMuch || this.kept.size === 1) return
      characters -= oldest.characters
      this.kept.delete(key)
    }
  }
}

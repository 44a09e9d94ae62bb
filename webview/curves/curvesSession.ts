import {
  runKey,
  type CurvesSelection,
  type FromCurves,
  type ScoreName,
  type ToCurves,
} from '../../src/protocol/curvesMessages.ts'
import { HostConnection } from '../shared/host.ts'
import { text } from '../shared/texts.ts'
import { phaseText } from './elements/words.ts'
import { changed, type Action } from './model/actions.ts'
import { drawnCurves } from './model/chartLines.ts'
import { CurvesModel, type PlacedCurve } from './model/curvesModel.ts'
import { fullSpan } from './model/spans.ts'
import { recalled, type Memory, type Settings, type Span } from './model/settings.ts'

/** How long the row of a deleted run stays, to be read. */
const goneMilliseconds = 6000
/** How often the state is remembered while a slider moves. */
const rememberMilliseconds = 200

/** What a message or a person changed: numbers may wait for their turn, all else is shown at once. */
export type Change = 'numbers' | 'all'

/** What the view knows and how it came to know it: the conversation with the host, and what a person set. */
export class CurvesSession {
  readonly model: CurvesModel
  settings: Settings
  private selection: CurvesSelection | undefined
  private readonly connection = new HostConnection<ToCurves, FromCurves, Memory>()
  private readonly onChange: (change: Change) => void
  private readonly announce: (words: string) => void
  private remembering: number | undefined

  /** @param announce says something to those who do not see it */
  constructor(onChange: (change: Change) => void, announce: (words: string) => void) {
    this.onChange = onChange
    this.announce = announce
    const { settings, selection, slots } = recalled(this.connection.recall())
    this.model = new CurvesModel(slots)
    this.settings = settings
    this.selection = selection
    this.connection.listen((message) => {
      this.receive(message)
    })
    this.connection.send({ type: 'ready' })
  }

  get drawn(): readonly PlacedCurve[] {
    return drawnCurves(this.model.all, this.settings)
  }

  /** All of the axis. */
  get full(): Span {
    return fullSpan(
      this.drawn.map(({ curve }) => curve),
      this.settings.axis,
    )
  }

  /** What is drawn of it. */
  get span(): Span {
    return this.settings.zoom ?? this.full
  }

  /** The primary metric that the shown projects agree on; of several, the first run's. */
  get primary(): ScoreName {
    return this.model.all.at(0)?.curve.facts.metric ?? 'mIoU'
  }

  set(action: Parameters<typeof changed>[1]): void {
    this.settings = changed(this.settings, action)
    this.remember()
    this.onChange('all')
  }

  chooseRuns(): void {
    this.connection.send({ type: 'select-runs' })
  }

  openOverlay({ key }: Extract<Action, { type: 'open-overlay' }>): void {
    const run = this.model.at(key)?.curve.facts.id
    if (run !== undefined) this.connection.send({ type: 'open-overlay', run })
  }

  private receive(message: ToCurves): void {
    if (message.type === 'hydrate' || message.type === 'selection') this.selection = message.selection
    if (message.type !== 'append' && message.type !== 'rewind') this.remember()
    if (message.type === 'selection') return
    this.tell(message)
    this.model.apply(message)
    if (message.type === 'remove' && message.reason === 'deleted') this.forgetLater(runKey(message.run))
    this.onChange(message.type === 'append' || message.type === 'rewind' ? 'numbers' : 'all')
  }

  /** Only what a person would want to be told of: not every point. */
  private tell(message: Exclude<ToCurves, { type: 'selection' }>): void {
    if (message.type === 'add') this.announce(text('{0} is shown', message.run.facts.id.run))
    else if (message.type === 'remove' && message.reason === 'deleted')
      this.announce(text('{0} was deleted', message.run.run))
    else if (message.type === 'facts') {
      const { facts } = message
      const before = this.model.at(runKey(facts.id))?.curve.facts.phase
      if (before !== undefined && before !== facts.phase) this.announce(`${facts.id.run}: ${phaseText(facts.phase)}`)
    }
  }

  private forgetLater(key: string): void {
    window.setTimeout(() => {
      // It may have come back meanwhile.
      if (this.model.at(key)?.curve.isGone !== true) return
      this.model.forget(key)
      this.onChange('all')
    }, goneMilliseconds)
  }

  private remember(): void {
    this.remembering ??= window.setTimeout(() => {
      this.remembering = undefined
      if (this.selection !== undefined)
        this.connection.remember({ ...this.settings, selection: this.selection, slots: this.model.slots })
    }, rememberMilliseconds)
  }
}

import { describe, expect, it } from 'vitest'
import { rememberedSubject } from '../../../src/protocol/overlayMessages.ts'
import { changed, initialState, recalledState, type ViewState } from '../../../webview/overlay/model/viewState.ts'

const frame = { pane: { width: 200, height: 100 }, picture: { width: 100, height: 100 } }

describe('how a person looks at a run', () => {
  it('is recalled as it was remembered', () => {
    const state: ViewState = {
      image: 'a.png',
      order: { by: 'class', className: 'disc' },
      opacity: 0.25,
      hiddenClasses: ['background'],
      panes: 'errors',
      zoom: { scale: 4, centerX: 10, centerY: 20 },
    }
    expect(recalledState(JSON.parse(JSON.stringify(state)))).toEqual(state)
  })

  it.each([
    undefined,
    null,
    'text',
    {},
    { order: 3, opacity: 'much', panes: 'five', zoom: { scale: null }, hiddenClasses: 1 },
  ])('begins anew from a memory of %j', (memory) => {
    expect(recalledState(memory)).toEqual(initialState)
  })

  it('shows a pane alone, and all of them when it is asked for again', () => {
    const alone = changed(initialState, { type: 'toggle-pane', pane: 'truth' }, undefined)
    expect(alone.panes).toBe('truth')
    expect(changed(alone, { type: 'toggle-pane', pane: 'truth' }, undefined).panes).toBe('all')
    expect(changed(alone, { type: 'toggle-pane', pane: 'errors' }, undefined).panes).toBe('errors')
  })

  it('keeps the opacity between 0 and 1, in even steps', () => {
    let state = initialState
    for (let step = 0; step < 7; step++) state = changed(state, { type: 'more-opacity', by: 0.1 }, undefined)
    expect(state.opacity).toBe(1)
    for (let step = 0; step < 7; step++) state = changed(state, { type: 'more-opacity', by: -0.1 }, undefined)
    expect(state.opacity).toBe(0.3)
  })

  it('cannot magnify before there is a picture', () => {
    expect(changed(initialState, { type: 'zoom', factor: 2 }, undefined)).toEqual(initialState)
    expect(changed(initialState, { type: 'zoom', factor: 2 }, frame).zoom).toEqual({
      scale: 2,
      centerX: 50,
      centerY: 50,
    })
  })
})

describe('the run that a view remembered', () => {
  it('is found in its state', () => {
    expect(rememberedSubject({ root: '/a', run: 'b.f0.s0', ...initialState })).toEqual({ root: '/a', run: 'b.f0.s0' })
  })

  it.each([undefined, null, 'text', { root: '/a' }, { root: 1, run: 2 }])('is none in %j', (state) => {
    expect(rememberedSubject(state)).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { actionOfKey, type KeyPress } from '../../../webview/overlay/model/keys.ts'

function press(key: string, changes: Partial<KeyPress> = {}): KeyPress {
  return { key, code: '', ctrlKey: false, metaKey: false, altKey: false, ...changes }
}

describe('the keys of the overlay', () => {
  it.each(['n', 'N', 'PageDown', 'ArrowRight'])('%s goes on', (key) => {
    expect(actionOfKey(press(key), false)).toEqual({ type: 'step', by: 1 })
  })

  it.each(['p', 'PageUp', 'ArrowLeft'])('%s goes back', (key) => {
    expect(actionOfKey(press(key), false)).toEqual({ type: 'step', by: -1 })
  })

  it('arrows move a magnified picture that has the focus; n and p still change the image', () => {
    expect(actionOfKey(press('ArrowRight'), true)).toMatchObject({ type: 'pan', by: { y: 0 } })
    expect(actionOfKey(press('ArrowUp'), true)).toMatchObject({ type: 'pan', by: { x: 0 } })
    expect(actionOfKey(press('ArrowUp'), false)).toBeUndefined()
    expect(actionOfKey(press('n'), true)).toEqual({ type: 'step', by: 1 })
  })

  it('digits show one pane alone', () => {
    expect(['1', '2', '3', '4'].map((key) => actionOfKey(press(key), false))).toEqual(
      ['image', 'truth', 'prediction', 'errors'].map((pane) => ({ type: 'toggle-pane', pane })),
    )
    expect(actionOfKey(press('5'), false)).toBeUndefined()
  })

  it('understands a keyboard that writes other letters', () => {
    expect(actionOfKey(press('ㅜ', { code: 'KeyN' }), false)).toEqual({ type: 'step', by: 1 })
    expect(actionOfKey(press('Process', { code: 'KeyB' }), false)).toEqual({ type: 'toggle-blink' })
  })

  it('leaves the keys of VS Code and the system alone', () => {
    for (const held of ['ctrlKey', 'metaKey', 'altKey'])
      expect(actionOfKey(press('n', { [held]: true }), false)).toBeUndefined()
    expect(actionOfKey(press('F1', { code: 'F1' }), false)).toBeUndefined()
  })
})

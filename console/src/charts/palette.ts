import type { Appearance } from '../app/appearance'

/** The report's colours: a segment has the same one on paper and here. */
const SEGMENTS: Readonly<Record<Appearance, readonly string[]>> = {
  light: [
    '#0f766e', '#2a8f83', '#4f9147', '#7d8f22', '#b58a00', '#c8741a',
    '#c2553d', '#a83a55', '#8b3f7f', '#65579c', '#4f6b8a', '#7d858f',
  ],
  dark: [
    '#2fa498', '#58bdb0', '#76b76c', '#a5b84a', '#d4ab2c', '#e39447',
    '#de7d66', '#cf6680', '#b56faa', '#9287c7', '#7c98b6', '#9aa3ac',
  ],
}

export interface Ink {
  text: string
  muted: string
  line: string
  surface: string
  accent: string
}

export const INK: Readonly<Record<Appearance, Ink>> = {
  light: { text: '#0f141a', muted: '#424650', line: '#dedee3', surface: '#ffffff', accent: '#0f766e' },
  dark: { text: '#dedee3', muted: '#b4b4bb', line: '#424650', surface: '#161d26', accent: '#4fc3b5' },
}

/** The colour of the segment at this place of its set's own order. */
export function segmentColour(appearance: Appearance, index: number): string {
  const colours = SEGMENTS[appearance]
  return colours[index % colours.length] ?? INK[appearance].accent
}

// What a new template begins with.
import { defaultsOf } from '../../campaigns/editor/palette.ts'

const BLOCKS = ['heading', 'text', 'button', 'footer']

/** The document of a template that nobody has changed yet. What it does not set has its default. */
export function starter(subject: string): Record<string, unknown> {
  const blocks = BLOCKS.map((type) => ({ id: `${type}-1`, type, fields: defaultsOf(type) }))
  return { version: 1, subject, blocks }
}

// What a new template begins with.
import { defaultsOf } from '../../campaigns/editor/palette.ts'

const BLOCKS = ['heading', 'text', 'button', 'footer']

/** The document of a template that nobody has changed yet. */
export function starter(subject: string): Record<string, unknown> {
  const blocks = BLOCKS.map((type) => ({ id: `${type}-1`, type, fields: defaultsOf(type) }))
  return { version: 1, subject, preheader: '', language: 'en', direction: 'ltr', blocks }
}

/** A name as an id: lower-case letters, digits and hyphens. */
export function slugOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(0, 48).replace(/^-|-$/g, '')
}

// What a new template begins with.
import { defaultsOf } from '../../campaigns/editor/palette.ts'

const BLOCKS = ['heading', 'text', 'button', 'footer']

/** The document of a template that nobody has changed yet. What it does not set has its default. */
export function starter(subject: string): Record<string, unknown> {
  const blocks = BLOCKS.map((type) => ({ id: `${type}-1`, type, fields: defaultsOf(type) }))
  return { version: 1, subject, blocks }
}

/** A name as an id: lower-case letters, digits and hyphens. A name in another script gets a number. */
export function slugOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const slug = plain.replace(/[^a-z0-9]+/g, '-').slice(0, 48).replace(/^-|-$/g, '')
  return slug || (name.trim() && `template-${numberOf(name)}`)
}

/** The same number for the same name. */
function numberOf(name: string): number {
  return [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 1_000_000_007, 0)
}

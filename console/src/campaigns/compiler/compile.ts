// A document and a brand kit as MJML and plain text, byte for byte as compiling/source.py in Python,
// which is the one that sends. This one draws the editor's canvas while somebody types.
import type { Block, Brand, TemplateDocument } from './document.ts'
import { htmlWriter, writeText } from './escaping.ts'
import type { Field, Fields, Palette } from './palette.ts'
import { fill, type Scope, type Valued } from './snippet.ts'
import { withTokens } from './tokens.ts'

export interface Source {
  subject: string
  mjml: string
  text: string
}

interface Part {
  name: 'body' | 'text'
  write: (valued: Valued) => string
  brand: Scope
  palette: Palette
}

export function compile(palette: Palette, document: TemplateDocument, brand: Brand): Source {
  const branded = Object.fromEntries(
    Object.entries(palette.brand.fields).map(([name, field]) => [`brand.${name}`, { field, value: valueOf(field, brand[name]) }]),
  )
  const colour = String(branded['brand.link']!.value)
  const { version: _version, ...page } = document
  const drawnAs = (name: Part['name'], write: Part['write']) =>
    drawn(palette.page, page, { name, write, brand: branded, palette })
  return {
    subject: withTokens(document.subject ?? String(palette.page.fields.subject!.default), (text) => text),
    mjml: drawnAs('body', htmlWriter(colour)),
    text: drawnAs('text', writeText),
  }
}

interface Drawable {
  fields: Fields
  body: string[]
  text: string[]
}

function drawn(kind: Drawable, fields: Record<string, unknown>, part: Part): string {
  const scope: Scope = { ...part.brand }
  for (const [name, field] of Object.entries(kind.fields)) {
    const value = valueOf(field, fields[name])
    const slot = field.type === 'slot'
    scope[name] = { field, value: slot ? (value as Block[]).map((one) => drawnBlock(one, field, part)).join('') : value }
  }
  return fill(kind[part.name].join(''), scope, part.write)
}

function drawnBlock(block: Block, slot: Field, part: Part): string {
  const kind = part.palette.blocks[block.type]
  if (!kind) throw new Error(`There is no kind of block ${block.type}.`)
  const made = drawn(kind, block.fields, part)
  if (part.name === 'text' || kind.layout || slot.holds === 'column') return made
  return part.palette.section.before + made + part.palette.section.after
}

const valueOf = (field: Field, value: unknown) => value ?? field.default ?? ''

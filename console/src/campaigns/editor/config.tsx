// Puck's configuration, made from blocks.json.
import type { ComponentConfig, Config, Field as PuckField, SlotComponent } from '@puckeditor/core'
import type { ReactNode } from 'react'
import type { BlockType, Field, Fields } from '../compiler/palette.ts'
import { DrawnBlock, DrawnPage, DrawnSlots, type Drawing } from './canvas'
import { allowedIn, CATEGORIES, defaultsOf, PALETTE } from './palette'

// What rich text cannot have in a mail is switched off, so that nobody enters it.
const RICH_TEXT = {
  heading: false, blockquote: false, code: false, codeBlock: false, horizontalRule: false, strike: false, textAlign: false,
} as const

export function puckConfig(drawing: Drawing): Config {
  const components = Object.entries(PALETTE.blocks).map(([name, kind]) => [name, componentOf(name, kind, drawing)])
  return {
    components: Object.fromEntries(components),
    categories: categories(),
    root: {
      fields: fieldsOf(PALETTE.page.fields, 'page'),
      render: ({ children }: { children: ReactNode }) => <DrawnPage brand={drawing.brand}>{children}</DrawnPage>,
    },
  } as Config
}

function componentOf(name: string, kind: BlockType, drawing: Drawing): ComponentConfig {
  const slots = Object.keys(kind.fields).filter((key) => kind.fields[key]!.type === 'slot')
  return {
    label: kind.label,
    fields: fieldsOf(kind.fields, 'block'),
    defaultProps: defaultsOf(name),
    ...(kind.locked ? { permissions: { delete: false, duplicate: false, insert: false, drag: false } } : {}),
    render: (props) =>
      slots.length ? (
        <DrawnSlots label={kind.label} slots={Object.fromEntries(slots.map((key) => [key, props[key] as SlotComponent]))} />
      ) : (
        <DrawnBlock id={String(props.id)} label={kind.label} drawing={drawing} />
      ),
  }
}

function categories(): Config['categories'] {
  const named = Object.entries(CATEGORIES).map(([category, title]) => {
    const components = Object.keys(PALETTE.blocks).filter((name) => PALETTE.blocks[name]!.category === category)
    return [category, { title, components: components.filter((name) => !PALETTE.blocks[name]!.locked) }]
  })
  return { ...Object.fromEntries(named), other: { visible: false } }
}

function fieldsOf(fields: Fields, inside: 'page' | 'block'): Record<string, PuckField> {
  const shown = Object.entries(fields).filter(([, field]) => !(inside === 'page' && field.type === 'slot'))
  return Object.fromEntries(shown.map(([name, field]) => [name, fieldOf(field)]))
}

function fieldOf(field: Field): PuckField {
  const { label } = field
  switch (field.type) {
    case 'number':
      return { type: 'number', label, min: field.least ?? 0, max: field.most ?? 0 }
    case 'choice':
      return { type: 'select', label, options: (field.options ?? []).map((value) => ({ label: value, value })) }
    case 'rich':
      return { type: 'richtext', label, contentEditable: false, options: RICH_TEXT }
    case 'slot':
      return { type: 'slot', label, allow: allowedIn(field.holds ?? 'column', 'block') }
    case 'list':
      return listOf(field)
    default:
      return { type: (field.most ?? 0) > 200 && field.type === 'text' ? 'textarea' : 'text', label }
  }
}

function listOf(field: Field): PuckField {
  const fields = field.fields ?? {}
  const first = Object.keys(fields)[0] ?? ''
  return {
    type: 'array',
    label: field.label,
    arrayFields: fieldsOf(fields, 'block'),
    defaultItemProps: Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, one.default])),
    getItemSummary: (row: Record<string, unknown>) => String(row[first] ?? ''),
    min: field.least ?? 0,
    max: field.most ?? 0,
  }
}

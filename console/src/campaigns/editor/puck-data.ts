// A document as Puck has it, and back: there a block's id is one of its properties.
import type { ComponentData, Data } from '@puckeditor/core'
import type { Block, TemplateDocument } from '../compiler/document.ts'
import { PALETTE } from './palette.ts'

const PAGE = ['subject', 'preheader', 'language', 'direction'] as const

export function toPuck(document: TemplateDocument): Data {
  const page = PAGE.map((name) => [name, document[name] ?? PALETTE.page.fields[name]!.default])
  return { root: { props: Object.fromEntries(page) }, content: document.blocks.map(component) }
}

export function fromPuck(data: Data): TemplateDocument {
  const props = data.root.props as Record<string, string>
  const page = Object.fromEntries(PAGE.map((name) => [name, props[name] ?? '']))
  return { version: 1, ...page, blocks: data.content.map(block) }
}

export function block({ type, props }: ComponentData): Block {
  const { id, ...rest } = props
  return { id: String(id), type, fields: inSlots(type, rest, block) }
}

function component({ id, type, fields }: Block): ComponentData {
  return { type, props: { id, ...inSlots(type, fields, component) } }
}

/** Fields of a block that has every slot's blocks changed. What blocks.json does not declare goes. */
function inSlots<From, To>(type: string, fields: Record<string, unknown>, change: (one: From) => To): Record<string, unknown> {
  const declared = Object.entries(PALETTE.blocks[type]?.fields ?? {})
  return Object.fromEntries(
    declared
      .filter(([name]) => name in fields)
      .map(([name, field]) => [name, field.type === 'slot' ? (fields[name] as From[]).map(change) : fields[name]]),
  )
}

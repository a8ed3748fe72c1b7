// Every place where a block can be put, for people who use no mouse.
import type { ComponentData, Data } from '@puckeditor/core'
import { allowedIn, PALETTE } from './palette'

export const PAGE_ZONE = 'root:default-zone'

export interface SlotPlace {
  /** Puck's name of the slot. */
  zone: string
  label: string
  blocks: readonly ComponentData[]
  allowed: readonly string[]
}

export interface PlacedBlock {
  id: string
  label: string
  zone: string
  index: number
}

/** The page and every slot of its blocks. */
export function places(data: Data): SlotPlace[] {
  const page = { zone: PAGE_ZONE, label: 'The page', blocks: data.content, allowed: allowedIn('sections', 'page') }
  return [page, ...within(data.content, '')]
}

/** Every block with its place, from top to bottom. */
export function placedBlocks(data: Data): PlacedBlock[] {
  return places(data).flatMap(({ zone, label, blocks }) =>
    blocks.map((one, index) => {
      const name = PALETTE.blocks[one.type]?.label ?? one.type
      return { id: String(one.props.id), zone, index, label: zone === PAGE_ZONE ? `${index + 1}. ${name}` : `${label}: ${name}` }
    }),
  )
}

function within(blocks: readonly ComponentData[], above: string): SlotPlace[] {
  return blocks.flatMap((one, index) =>
    Object.entries(PALETTE.blocks[one.type]?.fields ?? {})
      .filter(([, field]) => field.type === 'slot')
      .flatMap(([name, field]) => {
        const inside = (one.props[name] ?? []) as ComponentData[]
        const label = `${above}${index + 1}. ${PALETTE.blocks[one.type]!.label}, ${field.label.toLowerCase()}`
        const allowed = allowedIn(field.holds ?? 'column', 'block')
        return [{ zone: `${one.props.id}:${name}`, label, blocks: inside, allowed }, ...within(inside, `${label} › `)]
      }),
  )
}

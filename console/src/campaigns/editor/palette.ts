import blocks from '../../../../tessera/campaigns/templates/blocks.json'
import type { BlockType, Palette } from '../compiler/palette.ts'

/** The blocks, as Python reads them too. */
export const PALETTE = blocks as unknown as Palette

export const CATEGORIES: Record<BlockType['category'], string> = {
  content: 'Content',
  personal: 'For each customer',
  layout: 'Layout',
  brand: 'Brand',
}

/** The names of the blocks that a slot can hold. */
export function allowedIn(holds: 'sections' | 'column', inside: 'page' | 'block'): string[] {
  return Object.entries(PALETTE.blocks)
    .filter(([, kind]) => !(holds === 'column' && kind.layout) && !(inside === 'block' && kind.only))
    .map(([name]) => name)
}

/** A new block's fields. */
export function defaultsOf(name: string): Record<string, unknown> {
  const fields = Object.entries(PALETTE.blocks[name]!.fields)
  return structuredClone(Object.fromEntries(fields.map(([key, field]) => [key, field.default])))
}

// The types of blocks.json, which Python reads too: tessera/campaigns/templates/palette.
type FieldType =
  | 'text' | 'rich' | 'url' | 'number' | 'choice' | 'colour' | 'language' | 'word' | 'list' | 'slot'

export interface Field {
  type: FieldType
  label: string
  default?: unknown
  required?: boolean
  least?: number
  most?: number
  options?: string[]
  fields?: Fields
  holds?: 'sections' | 'column'
  role?: 'image' | 'alt'
}

export type Fields = Record<string, Field>

export interface BlockType {
  category: 'brand' | 'content' | 'personal' | 'layout'
  label: string
  fields: Fields
  body: string[]
  text: string[]
  layout?: boolean
  only?: 'page'
  locked?: boolean
}

export interface Palette {
  section: { before: string; after: string }
  brand: { fields: Fields }
  page: Pick<BlockType, 'fields' | 'body' | 'text'>
  blocks: Record<string, BlockType>
}

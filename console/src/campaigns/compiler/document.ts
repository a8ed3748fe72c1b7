// A template's document, as the API takes it: tessera/campaigns/templates/document.py.
export interface Block {
  id: string
  type: string
  fields: Record<string, unknown>
}

export interface TemplateDocument {
  version: 1
  subject?: string
  preheader?: string
  language?: string
  direction?: string
  blocks: Block[]
}

export type Brand = Record<string, string | number>

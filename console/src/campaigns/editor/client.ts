import type { Brand, TemplateDocument } from '../compiler/document.ts'

export interface LoadedTemplate {
  name: string
  document: TemplateDocument
  brand: Brand
}

/** One thing that is wrong with a template: tessera/campaigns/templates/checking/finding.py. */
export interface TemplateFinding {
  severity: 'error' | 'warning'
  rule: string
  path: string
  block: string
  field: string
  problem: string
  action: string
}

/** Where the editor reads a template and saves its draft. */
export interface TemplateClient {
  load: () => Promise<LoadedTemplate>
  /** Saves the draft, and returns what the checker says about it. */
  save: (document: TemplateDocument) => Promise<readonly TemplateFinding[]>
}

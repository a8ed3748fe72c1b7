import type { TemplateFinding } from '../../api/schema'
import type { Brand, TemplateDocument } from '../compiler/document.ts'

export interface LoadedTemplate {
  name: string
  document: TemplateDocument
  brand: Brand
}

/** Where the editor reads a template and saves its draft. */
export interface TemplateClient {
  load: () => Promise<LoadedTemplate>
  /** Saves the draft, and returns what the checker says about it. */
  save: (document: TemplateDocument) => Promise<readonly TemplateFinding[]>
}

import type { Brand, TemplateDocument } from '../compiler/document.ts'

export interface LoadedTemplate {
  name: string
  document: TemplateDocument
  brand: Brand
}

/** Where the editor reads a template and saves its draft. */
export interface TemplateClient {
  load: () => Promise<LoadedTemplate>
  save: (document: TemplateDocument) => Promise<void>
}

// The editor with a client that keeps the draft in this tab: editor.test.mjs builds and opens it.
import { lazy, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import type { TemplateFinding } from '../../src/api/schema'
import type { Block } from '../../src/campaigns/compiler/document.ts'
import type { TemplateClient } from '../../src/campaigns/editor/client'
import { defaultsOf, PALETTE } from '../../src/campaigns/editor/palette'

const TemplateEditor = lazy(() => import('../../src/campaigns/editor/editor'))
const KEPT = 'draft'
const brand = Object.fromEntries(Object.entries(PALETTE.brand.fields).map(([name, field]) => [name, field.default as string]))
const FIRST = ['header', 'heading', 'text', 'button', 'footer'].map((type) => ({ id: `${type}-1`, type, fields: defaultsOf(type) }))

const client: TemplateClient = {
  load: async () => {
    const kept = sessionStorage.getItem(KEPT)
    const document = kept ? JSON.parse(kept) : { version: 1, subject: 'News', preheader: '', language: 'en', direction: 'ltr', blocks: FIRST }
    return { name: 'Spring', document, brand: { ...brand, name: 'Example Shop', address: '1 Example Street' } }
  },
  save: async (document) => {
    sessionStorage.setItem(KEPT, JSON.stringify(document))
    return document.blocks.filter(({ type }) => type === 'coupon').map(wrongCode)
  },
}

/** What the server could say about a coupon. */
function wrongCode({ id }: Block, index: number): TemplateFinding {
  return {
    severity: 'error', rule: 'value', path: `blocks[${index}]`, block: id, field: 'code', problem: 'it is empty', action: 'Correct the field “Code”',
  }
}

createRoot(document.getElementById('root')!).render(
  <main>
    <Suspense fallback={<p>Loading …</p>}>
      <TemplateEditor client={client} />
    </Suspense>
  </main>,
)

// A block on the canvas: what is sent, and for blocks that hold others their slots.
import { createUsePuck, type SlotComponent } from '@puckeditor/core'
import { useMemo, type ReactNode } from 'react'
import { compile } from '../compiler/compile.ts'
import type { Brand } from '../compiler/document.ts'
import type { ToHtml } from './mrml'
import { PALETTE } from './palette'
import { block } from './puck-data'

const usePuck = createUsePuck()

export interface Drawing {
  brand: Brand
  toHtml: ToHtml
}

/** A block without slots, as the mail will show it. */
export function DrawnBlock({ id, label, drawing }: { id: string; label: string; drawing: Drawing }) {
  const data = usePuck((state) => state.getItemById(id))
  const source = data ? compile(PALETTE, { version: 1, blocks: [block(data)] }, drawing.brand).mjml : ''
  const html = useMemo(() => bodyOf(drawing.toHtml(source)), [source, drawing])
  // The compiler escaped every value, and the page's policy runs no script from here.
  return (
    <>
      <span className="template-unseen">{label}</span>
      <div inert dangerouslySetInnerHTML={{ __html: html }} />
    </>
  )
}

/** A block's slots side by side, with its name for people who do not see the layout. */
export function DrawnSlots({ label, slots }: { label: string; slots: Record<string, SlotComponent> }) {
  const entries = Object.entries(slots)
  return (
    <div className="template-slots">
      <span className="template-slots-label">{label}</span>
      <div className="template-slots-row">
        {entries.map(([name, Slot]) => (
          <div key={name} className="template-slot">
            <Slot minEmptyHeight={64} />
          </div>
        ))}
      </div>
    </div>
  )
}

/** The mail's page behind the blocks. */
export function DrawnPage({ brand, children }: { brand: Brand; children: ReactNode }) {
  const style = { background: String(brand.surface), color: String(brand.text), fontFamily: String(brand.font) }
  return (
    <div className="template-page" style={style}>
      {children}
    </div>
  )
}

function bodyOf(html: string): string {
  return new DOMParser().parseFromString(html, 'text/html').body.innerHTML
}

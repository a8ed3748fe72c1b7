// The whole mail as it is sent, wide or narrow, in the light or in the dark.
import { useEffect, useMemo, useState } from 'react'
import { compile } from '../compiler/compile.ts'
import type { Brand, TemplateDocument } from '../compiler/document.ts'
import type { ToHtml } from './mrml'
import { PALETTE } from './palette'

const WIDTHS = { Computer: 660, Phone: 375 } as const
const LATER_MS = 200

interface Previewed {
  document: TemplateDocument
  brand: Brand
  toHtml: ToHtml
}

export function Preview({ document, brand, toHtml }: Previewed) {
  const [device, setDevice] = useState<keyof typeof WIDTHS>('Computer')
  const [dark, setDark] = useState(false)
  const settled = useLater(document)
  const html = useMemo(() => toHtml(compile(PALETTE, settled, brand).mjml), [settled, brand, toHtml])
  return (
    <section aria-label="Preview">
      <h2>Preview</h2>
      <div className="template-actions">
        <label>
          Screen
          <select aria-label="Screen" value={device} onChange={(event) => setDevice(event.target.value as keyof typeof WIDTHS)}>
            {Object.keys(WIDTHS).map((name) => <option key={name}>{name}</option>)}
          </select>
        </label>
        <label>
          <input type="checkbox" checked={dark} onChange={(event) => setDark(event.target.checked)} /> Dark
        </label>
      </div>
      <iframe title="Preview of the mail" sandbox="" srcDoc={inScheme(html, dark)} width={WIDTHS[device]} height={480} />
    </section>
  )
}

/** The mail as one colour scheme shows it, whatever this machine prefers. */
function inScheme(html: string, dark: boolean): string {
  return html.replaceAll('(prefers-color-scheme: dark)', dark ? 'all' : 'not all')
}

/** A value, once it has not changed for a moment. */
function useLater<Value>(value: Value): Value {
  const [later, setLater] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), LATER_MS)
    return () => clearTimeout(timer)
  }, [value])
  return later
}

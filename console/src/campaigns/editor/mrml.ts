// mrml in WebAssembly: the HTML is what Python makes of the same MJML, and what is sent.
import initialize, { Engine } from 'mrml/web/mrml_wasm.js'
import wasm from 'mrml/web/mrml_wasm_bg.wasm?url'
import { escaped } from '../compiler/rich-text.ts'
import { TOKEN } from '../compiler/tokens.ts'

export type ToHtml = (mjml: string) => string

const EVERY_TOKEN = new RegExp(TOKEN.source, 'g')
const OUTPUT = /^\{\{-? *(.*?)(?: \| (?:shown|link|link_part))? -?\}\}$/s
let loading: Promise<ToHtml> | undefined

/** Load mrml once. */
export function loadMrml(): Promise<ToHtml> {
  loading ??= initialize({ module_or_path: wasm }).then(() => toHtml)
  return loading
}

/** MJML as HTML in which a variable shows its name, and a condition nothing. */
function toHtml(mjml: string): string {
  const result = new Engine().toHtml(mjml.replace(EVERY_TOKEN, shown))
  return result.type === 'success' ? result.content : `<p>${escaped(result.message)}</p>`
}

function shown(token: string): string {
  const name = OUTPUT.exec(token)?.[1] ?? ''
  return name && `‹${name.replace(/[&<>"'\\{}]/g, ' ').trim()}›`
}

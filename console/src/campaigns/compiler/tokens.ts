// Where Liquid is in a text: the same as tessera/campaigns/templates/compiling/liquid_tokens.py.
export const TOKEN = /(\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\})/
const OUTPUT = /^\{\{(-?)([\s\S]*?)(-?)\}\}$/
const SHOWN = 'shown'
const LINK = 'link'
const LINK_PART = 'link_part'

type Escape = (text: string) => string

/** An output token with a last filter. A tag stays as it is. */
export function filtered(token: string, name: string = SHOWN): string {
  const output = OUTPUT.exec(token)
  if (!output) return token
  const [, before, expression = '', after] = output
  const bare = expression.replace(/^[ \t\r\n]+/, '').replace(/[ \t\r\n]+$/, '')
  return `{{${before} ${bare} | ${name} ${after}}}`
}

/** A text with everything but its Liquid escaped. */
export function withTokens(text: string, escape: Escape): string {
  return text.split(TOKEN).map((piece, index) => (index % 2 ? filtered(piece) : escape(piece))).join('')
}

/** A link with everything but its Liquid escaped. A variable at its start is the whole link. */
export function linkWithTokens(link: string, escape: Escape): string {
  const pieces = link.split(TOKEN)
  const whole = pieces[0] === ''
  return pieces
    .map((piece, index) => (index % 2 ? filtered(piece, index === 1 && whole ? LINK : LINK_PART) : escape(piece)))
    .join('')
}

// Rich text in its one safe form: the same as tessera/campaigns/templates/compiling/rich_text.py.
import { TOKEN, filtered, linkWithTokens } from './tokens.ts'

const ALLOWED = ['p', 'br', 'strong', 'em', 'u', 'a', 'ul', 'ol', 'li']
const SAME: Record<string, string> = { b: 'strong', i: 'em' }
const LISTS = ['ul', 'ol']
const CLOSES_PARAGRAPH = ['p', ...LISTS]
const PIECES = new RegExp(
  TOKEN.source + '|(<!--[\\s\\S]*?-->)' + '|<(\\/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>"\']|"[^"]*"|\'[^\']*\')*)>',
  'g',
)
const HREF = /(?:^|[ \t\r\n])href[ \t\r\n]*=[ \t\r\n]*(?:"([^"]*)"|'([^']*)')/
const ENTITY = /&(?:#([0-9]{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos|nbsp));/g
const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' }
const IN_TEXT = /[&<>{}\u00a0]/gu
const NOT_PLAIN = /[^ -~]|[&<>"'{}\\]/gu
const STARTS = ['https://', 'mailto:', '{{']
const OPEN_BREAKS: Record<string, string> = { br: '\n', li: '- ' }
const CLOSE_BREAKS: Record<string, string> = { p: '\n\n', li: '\n', ul: '\n', ol: '\n' }

interface Event {
  kind: 'open' | 'close' | 'text' | 'token'
  value: string
  link: string
}

/** A text that is safe in an attribute and between tags, in ASCII alone. */
export const escaped = (text: string) => numbered(NOT_PLAIN, text)

/** A rich text as HTML, its Liquid ready to be rendered. */
export function asHtml(source: string, linkColour: string): string {
  return events(source).map((event) => htmlOf(event, linkColour)).join('')
}

/** A rich text as plain text, links behind their words. */
export function asText(source: string): string {
  const links: string[] = []
  return events(source).map((event) => textOf(event, links)).join('')
}

function htmlOf({ kind, value, link }: Event, linkColour: string): string {
  if (kind === 'text') return numbered(IN_TEXT, value)
  if (kind === 'token') return filtered(value)
  if (kind === 'close') return `</${value}>`
  if (value === 'a') {
    return `<a class='link' style='color:${linkColour}' href='${linkWithTokens(link, escaped)}'>`
  }
  return value === 'br' ? '<br />' : `<${value}>`
}

function textOf({ kind, value, link }: Event, links: string[]): string {
  if (kind === 'text') return value
  if (kind === 'token') return filtered(value)
  if (value !== 'a') return (kind === 'open' ? OPEN_BREAKS[value] : CLOSE_BREAKS[value]) ?? ''
  if (kind === 'close') return ` (${links.pop()})`
  links.push(linkWithTokens(link, (text) => text))
  return ''
}

function events(source: string): Event[] {
  const stack: string[] = []
  const made: Event[] = []
  for (const piece of pieces(source)) {
    if (piece.kind === 'open') opened(piece, stack, made)
    else if (piece.kind === 'close') closed(piece.value, stack, made)
    else made.push(piece)
  }
  while (stack.length) made.push({ kind: 'close', value: stack.pop()!, link: '' })
  return made
}

function* pieces(source: string): Generator<Event> {
  let end = 0
  for (const match of source.matchAll(PIECES)) {
    if (match.index > end) yield textEvent(source.slice(end, match.index))
    end = match.index + match[0].length
    const [, token, comment, slash, name = '', attributes = ''] = match
    if (token) {
      yield { kind: 'token', value: unescaped(token), link: '' }
    } else if (!comment) {
      const element = name.toLowerCase()
      yield { kind: slash ? 'close' : 'open', value: SAME[element] ?? element, link: href(attributes) }
    }
  }
  if (end < source.length) yield textEvent(source.slice(end))
}

const textEvent = (text: string): Event => ({ kind: 'text', value: unescaped(text), link: '' })

function opened(piece: Event, stack: string[], made: Event[]): void {
  const name = piece.value
  if (!ALLOWED.includes(name)) return
  if (name === 'a' && !STARTS.some((start) => piece.link.startsWith(start))) return
  if (name === 'br') {
    made.push(piece)
    return
  }
  if (name === 'li' && !LISTS.some((list) => stack.includes(list))) return
  if (CLOSES_PARAGRAPH.includes(name)) closed('p', stack, made)
  if (name === 'a') closed('a', stack, made)
  while (name === 'li' && !LISTS.includes(stack.at(-1)!)) made.push({ kind: 'close', value: stack.pop()!, link: '' })
  stack.push(name)
  made.push(piece)
}

function closed(name: string, stack: string[], made: Event[]): void {
  if (!stack.includes(name)) return
  for (;;) {
    const last = stack.pop()!
    made.push({ kind: 'close', value: last, link: '' })
    if (last === name) return
  }
}

function href(attributes: string): string {
  const match = HREF.exec(attributes)
  return match ? unescaped(match[1] ?? match[2] ?? '') : ''
}

/** A text without the entities that editors write. Another one stays as it is. */
function unescaped(text: string): string {
  return text.replace(ENTITY, (_, decimal?: string, hexadecimal?: string, name?: string) => {
    if (name) return NAMED[name]!
    const code = decimal ? parseInt(decimal, 10) : parseInt(hexadecimal!, 16)
    const printable = code >= 32 && !(code >= 127 && code < 160) && !(code >= 0xd800 && code < 0xf900)
    return printable && code < 0x110000 ? String.fromCodePoint(code) : ''
  })
}

function numbered(characters: RegExp, text: string): string {
  return text.replace(characters, (one) => `&#${one.codePointAt(0)};`)
}

// A field's value, escaped as its type asks for: the same as compiling/escaping.py in Python.
import { asHtml, asText, escaped } from './rich-text.ts'
import type { Valued } from './snippet.ts'
import { linkWithTokens, withTokens } from './tokens.ts'

const same = (text: string) => text

/** What writes fields into MJML. */
export function htmlWriter(linkColour: string): (valued: Valued) => string {
  return ({ field, value }) => {
    if (field.type === 'text') return withTokens(String(value), escaped)
    if (field.type === 'url') return linkWithTokens(String(value), escaped)
    if (field.type === 'rich') return asHtml(String(value), linkColour)
    return String(value)
  }
}

/** Write a field into the plain text. */
export function writeText({ field, value }: Valued): string {
  if (field.type === 'text') return withTokens(String(value), same)
  if (field.type === 'url') return linkWithTokens(String(value), same)
  if (field.type === 'rich') return asText(String(value))
  return String(value)
}

/** A segment set's definition, as its TOML has it: see docs/segments.md. */

export interface Texts {
  label: string
  meaning: string
  action: string
}

export interface Head {
  name: string
  prefix: string
  meaning: string
}

/** What every definition is read as, until its kind is known. */
export type Definition = Readonly<Record<string, unknown>>

export const newTexts = (place: number): Texts => ({
  label: `Label ${place}`,
  meaning: 'Who has this label.',
  action: 'What to do with them.',
})

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isTexts = (value: unknown): value is Record<string, unknown> & Texts =>
  isRecord(value) && ['label', 'meaning', 'action'].every((key) => typeof value[key] === 'string')

export const isTextsList = (value: unknown): value is readonly (Record<string, unknown> & Texts)[] =>
  Array.isArray(value) && value.every(isTexts)

/** Whether a record has no other keys than these. A form must show everything that it saves. */
export const hasOnly = (value: Record<string, unknown>, ...keys: readonly string[]): boolean =>
  Object.keys(value).every((key) => keys.includes(key))

export const HEAD = ['name', 'prefix', 'meaning'] as const

/** A set's name from its title: lower-case letters, digits and underscores. */
export function nameOf(title: string): string {
  const plain = title.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '_')
  return plain.replace(/^[^a-z]+|_+$/g, '').slice(0, 48)
}

/** A segment set's definition, as its TOML has it: see docs/segments.md. */

export interface NumberCondition {
  column: string
  /** This and more. Days are texts, such as 2026-06-30. */
  from?: number | string
  /** Less than this. */
  below?: number | string
}

export interface TextCondition {
  column: string
  in?: readonly string[]
  not_in?: readonly string[]
}

export type Leaf = NumberCondition | TextCondition
export type Group = { all: readonly Condition[] } | { any: readonly Condition[] }
export type Condition = Leaf | Group

export interface Texts {
  label: string
  meaning: string
  action: string
}

export interface Label extends Texts {
  when: Condition
}

export interface ConditionalSet {
  name: string
  prefix: string
  meaning: string
  label: readonly Label[]
  otherwise: Texts
}

/** Whether the set gives its labels by conditions: the builder edits those as a form. */
export function isConditional(definition: unknown): definition is ConditionalSet {
  if (!isRecord(definition) || !Array.isArray(definition.label) || !isRecord(definition.otherwise)) return false
  return definition.label.every((label: unknown) => isRecord(label) && isRecord(label.when))
}

export const isGroup = (condition: Condition): condition is Group => 'all' in condition || 'any' in condition

export type Joint = 'all' | 'any'

export const jointOf = (group: Group): Joint => ('all' in group ? 'all' : 'any')

export const partsOf = (group: Group): readonly Condition[] => ('all' in group ? group.all : group.any)

export function groupOf(joint: Joint, parts: readonly Condition[]): Group {
  return joint === 'all' ? { all: parts } : { any: parts }
}

/** A condition as a group: a single one is a group of one. */
export const asGroup = (condition: Condition): Group => (isGroup(condition) ? condition : { all: [condition] })

export const newLeaf = (): Leaf => ({ column: 'monetary', from: 100 })

export const newLabel = (place: number): Label => ({
  label: `Label ${place}`,
  meaning: 'Who has this label.',
  action: 'What to do with them.',
  when: { all: [newLeaf()] },
})

export const newSet = (): ConditionalSet => ({
  name: '',
  prefix: '',
  meaning: '',
  label: [newLabel(1)],
  otherwise: { label: 'Others', meaning: 'Everybody else.', action: 'As usual.' },
})

/** A set's name from its title: lower-case letters, digits and underscores. */
export function nameOf(title: string): string {
  const plain = title.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '_')
  return plain.replace(/^[^a-z]+|_+$/g, '').slice(0, 48)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

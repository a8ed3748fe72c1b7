/** Conditions, and the sets that give labels by them. */
import { HEAD, hasOnly, isRecord, isTexts, newTexts, type Head, type Texts } from '../definition.ts'

export interface NumberCondition {
  column: string
  /** This and more. Days are texts, such as 2026-06-30. */
  from?: number | string
  /** Less than this. */
  below?: number | string
}

type Listed<Value> = { in: readonly Value[] } | { not_in: readonly Value[] }

export type ListCondition = { column: string } & Listed<string | number>
export type LabelCondition = { set: string } & Listed<string>
export type Leaf = NumberCondition | ListCondition | LabelCondition
export type Group = { all: readonly Condition[] } | { any: readonly Condition[] }
export type Condition = Leaf | Group

export interface Label extends Texts {
  when: Condition
}

export interface ConditionalSet extends Head {
  label: readonly Label[]
  otherwise: Texts
}

/** Whether the set gives its labels by conditions that the form shows whole. */
export function isConditional(definition: unknown): definition is ConditionalSet {
  if (!isRecord(definition) || !hasOnly(definition, ...HEAD, 'label', 'otherwise')) return false
  const { label: labels, otherwise } = definition
  const isLabel = (label: unknown) => isTexts(label) && isCondition(label.when)
  return Array.isArray(labels) && labels.every(isLabel) && isTexts(otherwise)
}

function isCondition(value: unknown): value is Condition {
  if (!isRecord(value)) return false
  const parts = value.all ?? value.any
  if (parts !== undefined) return Object.keys(value).length === 1 && Array.isArray(parts) && parts.every(isCondition)
  const lists = [value.in, value.not_in].filter((list) => list !== undefined)
  if (lists.length > 1 || !lists.every(Array.isArray)) return false
  if (typeof value.set === 'string') return lists.length === 1 && hasOnly(value, 'set', 'in', 'not_in')
  if (typeof value.column !== 'string') return false
  return lists.length === 1 ? hasOnly(value, 'column', 'in', 'not_in') : hasOnly(value, 'column', 'from', 'below')
}

export const isGroup = (condition: Condition): condition is Group => 'all' in condition || 'any' in condition
export const isOfSet = (leaf: Leaf): leaf is LabelCondition => 'set' in leaf
export const isListed = (leaf: Leaf): leaf is ListCondition | LabelCondition => 'in' in leaf || 'not_in' in leaf

export type Joint = 'all' | 'any'

export const jointOf = (group: Group): Joint => ('all' in group ? 'all' : 'any')

export const partsOf = (group: Group): readonly Condition[] => ('all' in group ? group.all : group.any)

export function groupOf(joint: Joint, parts: readonly Condition[]): Group {
  return joint === 'all' ? { all: parts } : { any: parts }
}

/** A condition as a group: a single one is a group of one. */
export const asGroup = (condition: Condition): Group => (isGroup(condition) ? condition : { all: [condition] })

export type Among = 'in' | 'not_in'

export const amongOf = (leaf: ListCondition | LabelCondition): Among => ('in' in leaf ? 'in' : 'not_in')

export const valuesOf = (leaf: ListCondition | LabelCondition): readonly (string | number)[] =>
  'in' in leaf ? leaf.in : leaf.not_in

/** The same condition with other values, or with the opposite question. */
export function withValues(leaf: ListCondition | LabelCondition, among: Among, values: readonly (string | number)[]): Leaf {
  const about = isOfSet(leaf) ? { set: leaf.set } : { column: leaf.column }
  return { ...about, [among]: values } as Leaf
}

export const newLeaf = (): Leaf => ({ column: 'monetary', from: 100 })

export const newLabel = (place: number): Label => ({ ...newTexts(place), when: { all: [newLeaf()] } })

export const newConditional = (): ConditionalSet => ({
  name: '',
  prefix: '',
  meaning: '',
  label: [newLabel(1)],
  otherwise: { label: 'Others', meaning: 'Everybody else.', action: 'As usual.' },
})

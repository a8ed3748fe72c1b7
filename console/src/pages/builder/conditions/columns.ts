import { columnWords } from '../../../parts/columns'
import { setTitle } from '../../../parts/set-names'
import type { Choices } from '../choices'
import columns from './columns.json'
import type { Leaf } from './condition'

/** What a column holds. Scores are three digits, which people list as texts. */
export type Kind = 'number' | 'day' | 'text'

interface Column {
  kind: string
  meaning: string
  texts: readonly string[]
}

const COLUMNS: Readonly<Record<string, Column>> = columns
const BY_NAME = Object.entries(COLUMNS).map(([value, column]) => ({
  value,
  label: columnWords(value),
  description: column.meaning,
}))

export const kindOf = (column: string): Kind => (COLUMNS[column]?.kind ?? 'number') as Kind

/** The columns that a condition can read. */
export const COLUMN_OPTIONS = BY_NAME.toSorted((first, second) => first.label.localeCompare(second.label))

/** The texts that a column can have in any shop. Empty where they cannot be listed. */
export const fixedTexts = (column: string): readonly string[] => COLUMNS[column]?.texts ?? []

/** The texts that a cell of the column can have. Empty where they cannot be listed. */
export function textsOf(column: string, { segments }: Choices): readonly string[] {
  return column === 'segment' ? segments : fixedTexts(column)
}

const SET = 'set:'

/** Columns and other sets, as the options of one choice. */
export function subjectOptions({ sets }: Choices) {
  const others = sets.map(({ name }) => ({ value: SET + name, label: setTitle(name), description: 'Labels of this set' }))
  const groups = [{ label: 'About the customer', options: COLUMN_OPTIONS }]
  return others.length > 0 ? [...groups, { label: 'Labels of other sets', options: others }] : groups
}

export function subjectOf(leaf: Leaf) {
  if ('set' in leaf) return { value: SET + leaf.set, label: setTitle(leaf.set) }
  return { value: leaf.column, label: columnWords(leaf.column) }
}

/** A condition over a newly chosen subject: the limits of another one mean nothing for it. */
export function emptyLeaf(subject: string): Leaf {
  if (subject.startsWith(SET)) return { set: subject.slice(SET.length), in: [] }
  const starts: Readonly<Record<Kind, Leaf>> = {
    number: { column: subject, from: 0 },
    day: { column: subject, from: new Date().toISOString().slice(0, 10) },
    text: { column: subject, in: [] },
  }
  return starts[kindOf(subject)]
}

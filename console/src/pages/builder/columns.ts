import { columnWords } from '../../parts/columns'
import columns from './columns.json'

export type Kind = 'number' | 'day' | 'text'

interface Column {
  kind: string
  meaning: string
}

const COLUMNS: Readonly<Record<string, Column>> = columns

export const kindOf = (column: string): Kind => (COLUMNS[column]?.kind ?? 'number') as Kind

/** The columns that a condition can read, as the options of a choice. */
export const COLUMN_OPTIONS = Object.entries(COLUMNS)
  .map(([value, column]) => ({ value, label: columnWords(value), description: column.meaning }))
  .toSorted((first, second) => first.label.localeCompare(second.label))

/** The texts that these columns can have, beside those of the run. */
export const GAP_STATES: readonly string[] = ['active', 'at_risk', 'lapsed', 'unknown']

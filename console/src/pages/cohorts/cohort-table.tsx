import type { Cohort } from '../../api/schema'
import { count, customers, money, percent, toNumber } from '../../format/figures'
import { month } from '../../format/moments'
import { HeatTable, type HeatCell } from '../../parts/heat-table'
import type { CohortRow, Triangle } from './triangle'

export type Measure = 'share' | 'spend'

interface Props {
  triangle: Triangle
  measure: Measure
  currency: string
}

/** Cohorts down, months later across. */
export function CohortTable({ triangle, measure, currency }: Props) {
  const valueOf = (row: CohortRow, cell: Cohort): number =>
    (measure === 'share' ? cell.customers : (toNumber(cell.spend) ?? 0)) / row.size
  const from = measure === 'share' ? 1 : 0
  const later = triangle.rows.flatMap((row) => row.cells.slice(1).map((cell) => (cell ? valueOf(row, cell) : 0)))
  const most = Math.max(0.0001, ...later)
  const cellOf = (row: CohortRow, cell: Cohort | undefined): HeatCell | null => {
    if (!cell) return null
    const value = valueOf(row, cell)
    return {
      key: `${cell.cohort}-${cell.months_later}`,
      heat: value / most,
      title: `${customers(cell.customers)} of ${count(row.size)}, ${money(cell.spend, currency)}`,
      content: measure === 'share' ? percent(value, 0) : money(value, currency),
    }
  }
  const columns = Array.from({ length: triangle.months + 1 - from }, (_, index) => columnOf(index + from))
  return (
    <HeatTable
      label="Cohorts by month, scrolls sideways where it is narrow"
      corner="First order in"
      columns={columns}
      rows={triangle.rows.map((row) => ({
        key: row.month,
        heading: (
          <>
            <strong>{month(row.month)}</strong>
            {customers(row.size)}
          </>
        ),
        cells: padded(row.cells.slice(from).map((cell) => cellOf(row, cell)), columns.length),
      }))}
    />
  )
}

const columnOf = (later: number): string => (later === 0 ? 'Same month' : `+${later}`)

const padded = <T,>(cells: readonly T[], length: number): (T | null)[] =>
  Array.from({ length }, (_, index) => cells[index] ?? null)

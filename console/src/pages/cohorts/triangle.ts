import type { Cohort } from '../../api/schema'

export interface CohortRow {
  /** The first day of the month, ISO 8601. */
  month: string
  size: number
  /** By months later, from 0. Undefined where the month is not over. */
  cells: readonly (Cohort | undefined)[]
}

export interface Triangle {
  months: number
  rows: readonly CohortRow[]
}

/** The latest eighteen cohorts, the oldest first. Those without their first month are omitted. */
export function triangleOf(cohorts: readonly Cohort[]): Triangle {
  const byCohort = Map.groupBy(cohorts, (cell) => cell.cohort)
  const last = Math.max(...cohorts.map((cell) => cell.cohort + cell.months_later))
  const rows = [...byCohort]
    .sort(([first], [second]) => first - second)
    .flatMap(([cohort, cells]) => rowOf(cohort, cells, last))
    .slice(-18)
  return { months: Math.max(0, ...rows.map((row) => row.cells.length - 1)), rows }
}

function rowOf(cohort: number, known: readonly Cohort[], last: number): CohortRow[] {
  const byMonth = new Map(known.map((cell) => [cell.months_later, cell]))
  const first = byMonth.get(0)
  if (!first) return []
  // A month in which nobody of the cohort bought has no cell: it is a true zero, not an absent one.
  const cells = Array.from(
    { length: last - cohort + 1 },
    (_, later) => byMonth.get(later) ?? { cohort, months_later: later, customers: 0, spend: '0' },
  )
  return [{ month: monthOf(cohort), size: first.customers, cells }]
}

/** A cohort is counted in months from the year 0. */
function monthOf(cohort: number): string {
  const year = Math.floor(cohort / 12)
  return `${year}-${String((cohort % 12) + 1).padStart(2, '0')}-01`
}

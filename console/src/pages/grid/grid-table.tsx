import type { GridCell, ScoreGrid } from '../../api/schema'
import { count, customers, money, toNumber } from '../../format/figures'
import { HeatTable, type HeatCell } from '../../parts/heat-table'
import { boundsOf } from './bounds'

export type Measure = 'customers' | 'monetary'

interface Props {
  grid: ScoreGrid
  measure: Measure
  currency: string
}

/** Recency scores down, the best first; frequency scores across. */
export function GridTable({ grid, measure, currency }: Props) {
  const recency = grid.thresholds.recency ?? []
  const frequency = grid.thresholds.frequency ?? []
  const most = Math.max(1, ...grid.cells.flat().map((cell) => toNumber(cell[measure]) ?? 0))
  const cellOf = (cell: GridCell, key: string): HeatCell => {
    const value = toNumber(cell[measure]) ?? 0
    const both = [customers(cell.customers), money(cell.monetary, currency)]
    const [first, second] = measure === 'customers' ? [count(cell.customers), both[1]] : [both[1], both[0]]
    return {
      key,
      heat: cell.customers === 0 ? 0 : Math.sqrt(Math.max(0, value) / most),
      title: both.join(', '),
      content: (
        <>
          <strong>{first}</strong>
          <small>{second}</small>
        </>
      ),
    }
  }
  return (
    <HeatTable
      label="Customers and money by recency and frequency score, scrolls sideways where it is narrow"
      corner="Last order ↑, orders →"
      columns={(grid.cells[0] ?? []).map((_, index) => (
        <>
          <strong>F {index + 1}</strong>
          {boundsOf('frequency', frequency, index + 1, currency)}
        </>
      ))}
      rows={grid.cells
        .map((cells, index) => ({
          key: `${index}`,
          heading: (
            <>
              <strong>R {index + 1}</strong>
              {boundsOf('recency', recency, index + 1, currency)}
            </>
          ),
          cells: cells.map((cell, place) => cellOf(cell, `${index}-${place}`)),
        }))
        .toReversed()}
    />
  )
}

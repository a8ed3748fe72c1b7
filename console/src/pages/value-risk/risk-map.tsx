import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { ValueByChurn } from '../../api/schema'
import { hrefOf } from '../../app/route'
import { count, customers, money, percent, toNumber } from '../../format/figures'
import { HeatTable, type HeatCell } from '../../parts/heat-table'

interface Props {
  map: ValueByChurn
  currency: string
  run: string | undefined
}

/** Customers by value, down, and by churn risk, across. */
export function RiskMap({ map, currency, run }: Props) {
  const total = map.customers.flat().reduce((sum, size) => sum + size, 0)
  const most = Math.max(1, ...map.customers.flat())
  const hasValues = map.clv.flat().some((value) => (toNumber(value) ?? 0) > 0)
  const cellOf = (row: number, column: number): HeatCell => {
    const size = map.customers[row]?.[column] ?? 0
    const value = hasValues ? money(map.clv[row]?.[column], currency) : ''
    const filter = { value_tier: map.rows[row], churn_band: map.columns[column], run }
    return {
      key: `${row}-${column}`,
      heat: size === 0 ? 0 : Math.max(0.01, Math.sqrt(size / most)),
      title: [customers(size), percent(size / Math.max(1, total)), value].filter(Boolean).join(', '),
      content: (
        <>
          <strong>{size ? <a href={hrefOf(['customers'], filter)}>{count(size)}</a> : count(size)}</strong>
          <small>{value || percent(size / Math.max(1, total))}</small>
        </>
      ),
    }
  }
  return (
    <Container
      header={
        <Header variant="h2" description="Value down, the chance to lose them across. A number leads to its customers.">
          Customers by value and churn risk
        </Header>
      }
    >
      <HeatTable
        label="Customers by value and churn risk, scrolls sideways where it is narrow"
        corner="Value ↓, churn risk →"
        columns={map.columns.map((column) => (
          <strong>{column}</strong>
        ))}
        rows={map.rows.map((row, index) => ({
          key: row,
          heading: <strong>{row}</strong>,
          cells: map.columns.map((_, column) => cellOf(index, column)),
        }))}
      />
    </Container>
  )
}

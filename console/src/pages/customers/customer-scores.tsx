import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import { count, days, money } from '../../format/figures'
import { PlainTable } from '../../parts/plain-table'
import { Empty } from '../../states/empty'
import type { ScoreOf } from './explanation'

interface Row extends ScoreOf {
  measure: string
}

const TITLES: Readonly<Record<string, string>> = {
  recency: 'Since last order',
  frequency: 'Orders',
  monetary: 'Money',
}

interface Props {
  scores: Readonly<Record<string, ScoreOf>> | null
  cell: string | null
  currency: string
}

/** The customer's values against the limits of their scores. */
export function CustomerScores({ scores, cell, currency }: Props) {
  const rows = Object.entries(scores ?? {}).map(([measure, score]): Row => ({ measure, ...score }))
  const show = (measure: string, value: number | string | null) => {
    if (measure === 'monetary') return money(value, currency)
    return measure === 'recency' ? days(value, Number.isInteger(Number(value)) ? 0 : 1) : count(value)
  }
  return (
    <Container fitHeight header={<Header variant="h2" description={cell ? `Cell ${cell}: recency, frequency, money.` : undefined}>Scores</Header>}>
      <PlainTable<Row>
        label="Scores"
        items={rows}
        trackBy="measure"
        empty={<Empty title="No scores">The customer has no order that counts.</Empty>}
        columns={[
          { id: 'measure', header: 'Measure', isRowHeader: true, minWidth: 120, cell: (row) => TITLES[row.measure] ?? row.measure },
          { id: 'value', header: 'Value', minWidth: 95, cell: (row) => show(row.measure, row.value) },
          { id: 'score', header: 'Score', cell: (row) => `${row.score} of ${row.of}` },
          { id: 'limits', header: 'Limits of the score', minWidth: 150, cell: (row) => limitsOf(row, (value) => show(row.measure, value)) },
        ]}
      />
    </Container>
  )
}

function limitsOf({ above, up_to: upTo }: Row, show: (value: number) => string): string {
  if (above === null) return upTo === null ? 'any' : `at most ${show(upTo)}`
  return upTo === null ? `more than ${show(above)}` : `more than ${show(above)}, at most ${show(upTo)}`
}

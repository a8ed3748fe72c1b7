import Alert from '@cloudscape-design/components/alert'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import { useMemo } from 'react'
import type { ValueBin } from '../../api/schema'
import { useAppearance } from '../../app/appearance'
import { barsOption } from '../../charts/bars'
import { Chart } from '../../charts/chart'
import { count, customers, money, shortMoney } from '../../format/figures'
import { asSentences } from '../../format/words'

interface Props {
  bins: readonly ValueBin[] | null
  /** Why there is none. */
  reasons: readonly string[]
  currency: string
}

/** How the value of the next year is distributed, or why it is withheld. */
export function ValueHistogram({ bins, reasons, currency }: Props) {
  const { appearance } = useAppearance()
  const option = useMemo(
    () =>
      bins &&
      barsOption({
        names: bins.map((bin) => shortMoney(bin.from, currency)),
        series: [{ name: 'Customers', values: bins.map((bin) => bin.customers) }],
        appearance,
        formatValue: count,
        describe: (index) => {
          const bin = bins[index]
          return bin ? `${money(bin.from, currency)} to ${money(bin.below, currency)}: ${customers(bin.customers)}` : ''
        },
      }),
    [bins, currency, appearance],
  )
  return (
    <Container header={<Header variant="h2" description="What each customer is expected to bring in the next year.">Value of the next year</Header>}>
      {option ? (
        <Chart label="Customers by their value in the next year" option={option} height={240} />
      ) : (
        <Alert type="info" header="This forecast is withheld">
          {reasons.length === 0 ? 'The run has no forecast of money.' : asSentences(reasons)}
        </Alert>
      )}
    </Container>
  )
}

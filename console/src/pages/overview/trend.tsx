import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMemo, useState } from 'react'
import type { TrendPoint } from '../../api/schema'
import { useAppearance } from '../../app/appearance'
import { Chart } from '../../charts/chart'
import { linesOption } from '../../charts/lines'
import { INK } from '../../charts/palette'
import { count, money, short, shortMoney, toNumber } from '../../format/figures'
import { day } from '../../format/moments'
import { Empty } from '../../states/empty'

const MEASURES = { customers: 'Customers', orders: 'Orders', monetary: 'Money' } as const
type Measure = keyof typeof MEASURES

/** One measure over the runs. */
export function Trend({ points, currency }: { points: readonly TrendPoint[]; currency: string }) {
  const [measure, setMeasure] = useState<Measure>('customers')
  const { appearance } = useAppearance()
  const option = useMemo(() => {
    const isMoney = measure === 'monetary'
    return linesOption({
      days: points.map((point) => point.as_of),
      lines: [
        {
          name: MEASURES[measure],
          colour: INK[appearance].accent,
          values: points.map((point) => toNumber(point[measure])),
        },
      ],
      appearance,
      formatDay: day,
      formatValue: (value) => (isMoney ? money(value, currency) : count(value)),
      formatAxis: (value) => (isMoney ? shortMoney(value, currency) : short(value)),
    })
  }, [points, measure, currency, appearance])
  return (
    <Container
      fitHeight
      header={<Header variant="h2">Trend over runs</Header>}
    >
      {points.length < 2 ? (
        <Empty title="One run so far">The trend begins with the second run.</Empty>
      ) : (
        <SpaceBetween size="s">
          <SegmentedControl
            label="Measure"
            selectedId={measure}
            onChange={({ detail }) => setMeasure(detail.selectedId as Measure)}
            options={Object.entries(MEASURES).map(([id, text]) => ({ id, text }))}
          />
          <Chart label={`${MEASURES[measure]} over ${points.length} runs`} option={option} height={220} />
        </SpaceBetween>
      )}
    </Container>
  )
}

import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import { useMemo } from 'react'
import type { Group } from '../../api/schema'
import { useAppearance } from '../../app/appearance'
import { barsOption } from '../../charts/bars'
import { Chart } from '../../charts/chart'
import { count } from '../../format/figures'

/** Forecast and actual orders, by tenths of the forecast. */
export function Calibration({ groups, days }: { groups: readonly Group[]; days: number }) {
  const { appearance } = useAppearance()
  const option = useMemo(
    () =>
      barsOption({
        names: groups.map((group) => `${group.decile}`),
        series: [
          { name: 'Forecast', values: groups.map((group) => group.predicted) },
          { name: 'What came', values: groups.map((group) => group.actual) },
        ],
        appearance,
        formatValue: (value) => count(value, 1),
        describe: (index) => sentenceOf(groups[index]),
      }),
    [groups, appearance],
  )
  return (
    <Container
      header={
        <Header variant="h2" description={`Orders per customer in ${days} days, by tenths: on the left those forecast to order least. Green is the forecast, orange what came.`}>
          Forecast against what came
        </Header>
      }
    >
      <Chart label={groups.map(sentenceOf).join(' ')} option={option} height={260} />
    </Container>
  )
}

function sentenceOf(group: Group | undefined): string {
  if (!group) return ''
  return `Tenth ${group.decile}: forecast ${count(group.predicted, 2)}, came ${count(group.actual, 2)}.`
}

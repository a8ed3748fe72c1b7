import Box from '@cloudscape-design/components/box'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Header from '@cloudscape-design/components/header'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import type { ForecastQuantity, Verdict } from '../../api/schema'
import { count, percent } from '../../format/figures'
import { asSentence } from '../../format/words'
import { columnWords } from '../../parts/columns'

interface Grade {
  type: StatusIndicatorProps.Type
  title: string
  meaning: string
}

const GRADES: Readonly<Record<Verdict['grade'], Grade>> = {
  full: { type: 'success', title: 'Use the figures', meaning: 'The figures held in the test.' },
  ranking: {
    type: 'warning',
    title: 'Use the order, not the figures',
    meaning: 'It ranks customers well. Its figures are withheld.',
  },
  none: { type: 'stopped', title: 'Withheld', meaning: 'Neither figures nor ranks are shown.' },
}

/** What is published of each quantity, and why. */
export function Quantities({ forecasts, text }: { forecasts: readonly ForecastQuantity[]; text: string }) {
  return (
    <Container header={<Header variant="h2" description={text}>What you can use</Header>}>
      <ColumnLayout columns={3} minColumnWidth={230} borders="horizontal">
        {forecasts.map((forecast) => (
          <Quantity key={forecast.name} forecast={forecast} />
        ))}
      </ColumnLayout>
    </Container>
  )
}

function Quantity({ forecast }: { forecast: ForecastQuantity }) {
  const { verdict } = forecast
  const grade = GRADES[verdict.grade]
  return (
    <div>
      <Box variant="h3">{forecast.title}</Box>
      <StatusIndicator type={grade.type}>{grade.title}</StatusIndicator>
      <Box color="text-body-secondary">
        {grade.meaning} {totalOf(forecast)}
      </Box>
      <ExpandableSection headerText="Why">
        {verdict.reasons.map((reason) => (
          <Box key={reason} variant="p">
            {asSentence(reason)}
          </Box>
        ))}
      </ExpandableSection>
    </div>
  )
}

function totalOf({ totals, verdict }: ForecastQuantity): string {
  const shown = Object.entries(totals ?? {}).map(
    ([column, total]) =>
      `${columnWords(column)} of all: ${count(total.expected)}, between ${count(total.low)} and ${count(total.high)} with 80 % confidence.`,
  )
  if (shown.length > 0) return shown.join(' ')
  return verdict.off_by == null ? '' : `In the test the total was off by ${percent(verdict.off_by)}.`
}

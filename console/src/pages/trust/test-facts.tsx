import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Icon from '@cloudscape-design/components/icon'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReportCard } from '../../api/schema'
import { ABSENT, count, days, percent } from '../../format/figures'
import { asSentence } from '../../format/words'
import { BigFigure } from '../../parts/big-figure'

/** The test of the purchase model: what it was, and how it went. */
export function TestFacts({ card }: { card: ReportCard }) {
  const { forecast, ranges, discrimination, notes } = card
  return (
    <Container header={<Header variant="h2" description="The model learnt from the days before, and forecast the days after.">The test</Header>}>
      <SpaceBetween size="m">
        <KeyValuePairs
          columns={4}
          minColumnWidth={160}
          items={[
            {
              label: 'Days that the model did not see',
              value: <BigFigure note={`after ${days(card.calibration_days)} to learn from`}>{count(card.holdout_days)}</BigFigure>,
            },
            {
              label: 'Customers in the test',
              value: <BigFigure note={`${count(card.repeat_buyers)} had ordered again`}>{count(card.customers)}</BigFigure>,
            },
            {
              label: 'Orders forecast',
              value: <BigFigure note={forecast ? `${count(forecast.actual)} came` : ''}>{count(forecast?.predicted)}</BigFigure>,
            },
            {
              label: 'Total within its 80 % range',
              value: <BigFigure note={ranges ? `${count(ranges.low)} to ${count(ranges.high)}, ${count(ranges.actual)} came` : ''}>{rangeWords(ranges)}</BigFigure>,
            },
            {
              label: 'Customers inside their own range',
              value: <BigFigure note="80 % expected">{percent(ranges?.customers_inside, 0)}</BigFigure>,
            },
            {
              label: 'Pairs ranked right, buyer and non-buyer',
              value: (
                <BigFigure note={discrimination ? `${percent(discrimination.auc_of_recency, 0)} by days since last order alone` : ''}>
                  {percent(discrimination?.auc, 0)}
                </BigFigure>
              ),
            },
          ]}
        />
        {(notes ?? []).map((note) => (
          <Box key={note} color="text-status-info">
            <Icon name="status-info" /> {asSentence(note)}
          </Box>
        ))}
      </SpaceBetween>
    </Container>
  )
}

function rangeWords(ranges: ReportCard['ranges']): string {
  if (!ranges) return ABSENT
  return ranges.low <= ranges.actual && ranges.actual <= ranges.high ? 'Yes' : 'No'
}

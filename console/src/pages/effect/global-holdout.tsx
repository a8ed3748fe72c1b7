import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { GlobalHoldoutYear, QuarterResults } from '../../api/schema'
import { useGet } from '../../api/use-get'
import { count, percent } from '../../format/figures'
import { day } from '../../format/moments'
import { Empty } from '../../states/empty'
import { Loaded } from '../../states/loaded'
import { EffectsTable } from '../campaigns/results/effects-table'
import { PromisedTable } from '../campaigns/results/promised-table'

/** What all campaigns of this year and the one before changed together, by quarter. */
export function GlobalHoldout() {
  const year = new Date().getFullYear()
  const query = useGet('/v1/global-holdout/{year}', { year })
  // The last quarter of a year is known on the first day of the next one.
  const before = useGet('/v1/global-holdout/{year}', { year: year - 1 })
  const insights = useGet('/v1/insights', {})
  const currency = insights.state === 'ready' ? insights.data.currency : ''
  return (
    <Container
      header={
        <Header variant="h2" description="Some customers get no campaign for a quarter. Everybody else is compared with them when it is over.">
          {`All campaigns of ${year} and ${year - 1}`}
        </Header>
      }
    >
      <Loaded query={query} what="the global holdout">
        {(made) => (
          <Loaded query={before} what="the global holdout of the year before">
            {(earlier) => <Quarters share={made.share} quarters={[...made.quarters].reverse().concat([...earlier.quarters].reverse())} currency={currency} />}
          </Loaded>
        )}
      </Loaded>
    </Container>
  )
}

function Quarters({ share, quarters, currency }: Pick<GlobalHoldoutYear, 'share' | 'quarters'> & { currency: string }) {
  return (
    <SpaceBetween size="m">
      {share > 0 ? (
        <Box>{percent(share, 0)} of all customers are held out of every campaign, others in each quarter.</Box>
      ) : (
        <Alert type="info">There is no global holdout. Set campaigns.global_holdout in the settings, such as 0.05, to measure all campaigns together.</Alert>
      )}
      {share > 0 && quarters.length === 0 && <Empty title="Nobody was held out yet">A quarter is listed once a campaign has been sent in it.</Empty>}
      {quarters.map((one) => (
        <Quarter key={one.quarter} quarter={one} currency={currency} />
      ))}
    </SpaceBetween>
  )
}

function Quarter({ quarter: one, currency }: { quarter: QuarterResults; currency: string }) {
  return (
    <section aria-label={one.quarter}>
      <Box variant="h3">{one.quarter}</Box>
      <Box color="text-body-secondary">
        {count(one.sizes.people)} people were up for a campaign, of which {count(one.sizes.held_out)} are held out of all. Campaigns: {one.campaigns.join(', ')}.
      </Box>
      {one.sizes.is_mismatch && <Alert type="warning">The holdout has not the size that it should have: its share was changed within the quarter, or people were lost. No figure is shown.</Alert>}
      {one.effect ? (
        <SpaceBetween size="s">
          <Box fontSize="heading-m">{one.words}</Box>
          <EffectsTable label={`All campaigns of ${one.quarter}`} title="People" slices={[one.effect]} currency={currency} />
          <PromisedTable figures={one.promised} within="to the end of the quarter" />
        </SpaceBetween>
      ) : (
        <Box>{`The result is known from ${day(one.known_on)} on: there is one look, when the quarter is over.`}</Box>
      )}
    </section>
  )
}

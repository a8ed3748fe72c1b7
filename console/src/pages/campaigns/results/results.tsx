import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { CampaignResults } from '../../../api/schema'
import { useGet } from '../../../api/use-get'
import { count } from '../../../format/figures'
import { day } from '../../../format/moments'
import { Empty } from '../../../states/empty'
import { Loaded } from '../../../states/loaded'
import { Simulated } from '../simulated'
import { EffectsTable } from './effects-table'

/** What a campaign changed: those who were written to against the held out. */
export function Results({ campaign }: { campaign: string }) {
  const query = useGet('/v1/campaigns/{campaign_id}/results', { campaign_id: campaign })
  const insights = useGet('/v1/insights', {})
  const currency = insights.state === 'ready' ? insights.data.currency : ''
  const asOf = query.state === 'ready' ? ` As of ${day(query.data.as_of)}.` : ''
  return (
    <Container header={<Header variant="h2" description={`Those who were written to against the held out, by the first run that took them.${asOf}`}>What it changed</Header>}>
      {query.state === 'refused' && query.problem.status === 404 ? (
        <Empty title="Nothing is measured yet">Results are computed every day, once a run has been sent.</Empty>
      ) : (
        <Loaded query={query} what="the results">
          {(results) => <Effects results={results} currency={currency} />}
        </Loaded>
      )}
    </Container>
  )
}

const PARTS = [
  { by: 'all', title: 'People' },
  { by: 'churn_band', title: 'Churn risk' },
  { by: 'variant', title: 'Variant' },
] as const

const HEADINGS = { all: 'All together', churn_band: 'By churn risk', variant: 'By variant' }

function Effects({ results, currency }: { results: CampaignResults; currency: string }) {
  const { sizes, slices, notes, simulated } = results
  return (
    <SpaceBetween size="m">
      {simulated && <Simulated />}
      {notes.map((note) => (
        <Alert key={note} type={sizes.is_mismatch ? 'warning' : 'info'}>
          {note}
        </Alert>
      ))}
      <Box color="text-body-secondary">
        {count(sizes.people)} people so far, of which {count(sizes.held_out)} are held out.
      </Box>
      {PARTS.map(({ by, title }) => (
        <section key={by} aria-label={HEADINGS[by]}>
          <Box variant="h3">{HEADINGS[by]}</Box>
          <EffectsTable label={HEADINGS[by]} title={title} slices={slices.filter((one) => one.by === by)} currency={currency} />
        </section>
      ))}
    </SpaceBetween>
  )
}

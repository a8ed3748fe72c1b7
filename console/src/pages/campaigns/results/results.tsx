import Alert from '@cloudscape-design/components/alert'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { CampaignResults } from '../../../api/schema'
import { useGet } from '../../../api/use-get'
import { day } from '../../../format/moments'
import { Empty } from '../../../states/empty'
import { Loaded } from '../../../states/loaded'
import { Simulated } from '../simulated'
import { DidItWork } from './did-it-work'
import { ForWhichPeople } from './for-which-people'
import { WhatNext } from './what-next'

/** What a campaign changed: did it work, for which people, and what to do next. */
export function Results({ campaign, resultDays }: { campaign: string; resultDays: number }) {
  const query = useGet('/v1/campaigns/{campaign_id}/results', { campaign_id: campaign })
  const insights = useGet('/v1/insights', {})
  const currency = insights.state === 'ready' ? insights.data.currency : ''
  if (query.state === 'ready') return <Answers results={query.data} currency={currency} resultDays={resultDays} />
  return (
    <Container header={<Header variant="h2">Did it work?</Header>}>
      {query.state === 'refused' && query.problem.status === 404 ? (
        <Empty title="Nothing is measured yet">Results are computed every day, once a run has been sent.</Empty>
      ) : (
        <Loaded query={query} what="the results">
          {() => null}
        </Loaded>
      )}
    </Container>
  )
}

function Answers({ results, currency, resultDays }: { results: CampaignResults; currency: string; resultDays: number }) {
  const { sizes, notes, simulated, as_of: asOf } = results
  const description = `Those who were written to against the held out, by the first run that took them. As of ${day(asOf)}.`
  return (
    <>
      <Container
        header={
          <Header variant="h2" description={description}>
            Did it work?
          </Header>
        }
      >
        <div className="stack">
          {simulated && <Simulated />}
          {notes.map((note) => (
            <Alert key={note} type={sizes.is_mismatch ? 'warning' : 'info'}>
              {note}
            </Alert>
          ))}
          <DidItWork results={results} currency={currency} resultDays={resultDays} />
        </div>
      </Container>
      <ForWhichPeople results={results} currency={currency} />
      {results.next_step && <WhatNext step={results.next_step} />}
    </>
  )
}

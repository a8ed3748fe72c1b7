import Alert from '@cloudscape-design/components/alert'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { ReactNode } from 'react'
import type { CampaignResults } from '../../../api/schema'
import { useGet } from '../../../api/use-get'
import { day } from '../../../format/moments'
import { Empty } from '../../../states/empty'
import { Loading } from '../../../states/loading'
import { ProblemAlert } from '../../../states/problem-alert'
import { Engagement } from '../engagement/engagement'
import { Simulated } from '../simulated'
import { Targets } from '../targets/targets'
import { DidItWork } from './did-it-work'
import { ForWhichPeople } from './for-which-people'
import { WhatNext } from './what-next'

const NOT_FOUND = 404

interface Props {
  campaign: string
  resultDays: number
  /** What the campaign does, and its runs. */
  children: ReactNode
}

/** What a campaign changed: did it work, for which people, and what to do next. It comes first once there is anything. */
export function Results({ campaign, resultDays, children }: Props) {
  const query = useGet('/v1/campaigns/{campaign_id}/results', { campaign_id: campaign })
  const insights = useGet('/v1/insights', {})
  const currency = insights.state === 'ready' ? insights.data.currency : ''
  if (query.state === 'ready')
    return (
      <>
        <Answers results={query.data} currency={currency} resultDays={resultDays} />
        <Targets campaign={campaign} currency={currency} />
        <Engagement campaign={campaign} />
        {children}
      </>
    )
  if (query.state === 'loading') return <Loading what="the results" />
  return (
    <>
      {children}
      <Container header={<Header variant="h2">Did it work?</Header>}>
        {query.problem.status === NOT_FOUND ? (
          <Empty title="Nothing is measured yet">Results are computed every day, once a run has been sent.</Empty>
        ) : (
          <ProblemAlert problem={query.problem} onRetry={query.reload} />
        )}
      </Container>
    </>
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

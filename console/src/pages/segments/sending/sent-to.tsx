import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Link from '@cloudscape-design/components/link'
import { useState } from 'react'
import type { Insights, LabelledGroup, SegmentReach } from '../../../api/schema'
import { useGet } from '../../../api/use-get'
import { hrefOf } from '../../../app/route'
import { count, percent } from '../../../format/figures'
import { ProblemAlert } from '../../../states/problem-alert'
import { DestinationTable } from './destination-table'
import { rowsOf } from './rows'
import { SendDialog } from './send-dialog'

interface Props {
  set: string
  group: LabelledGroup
  insights: Insights
}

const NOT_FOUND = 404

/** Where the segment is and goes, and how to change that. */
export function SentTo({ set, group, insights }: Props) {
  const [isOpen, setOpen] = useState(false)
  const where = useGet('/v1/segment-sets/{name}/destinations', { name: set })
  const me = useGet('/v1/me', {})
  const maySend = me.state === 'ready' && me.data.scopes.includes('segments:write') && me.data.scopes.includes('runs:write')
  const chosen = where.state === 'ready' ? where.data : undefined
  const reach = insights.reach[group.group]
  const send = maySend && (
    <Button disabled={!chosen} onClick={() => setOpen(true)}>
      Send to…
    </Button>
  )
  return (
    <Container header={<Header variant="h2" description={reach && set === 'rfm' && reachSentence(reach)} actions={send}>Sent to</Header>}>
      <div className="stack">
        {where.state === 'refused' &&
          (where.problem.status === NOT_FOUND ? (
            <Alert type="info">
              The next run does not compute this set, so it is sent nowhere. <Link href={hrefOf(['builder', set])}>Put it in use</Link>
            </Alert>
          ) : (
            <ProblemAlert problem={where.problem} onRetry={where.reload} />
          ))}
        <DestinationTable
          rows={rowsOf(chosen, insights.destinations, { segment: group.segment, label: group.group })}
          sentAt={insights.finished_at}
          isLoading={where.state === 'loading'}
        />
      </div>
      {isOpen && chosen && (
        <SendDialog
          key={chosen.version}
          where={chosen}
          segment={{ label: group.group, customers: group.uuids, asOf: insights.as_of }}
          onSaved={where.reload}
          onClose={() => setOpen(false)}
        />
      )}
    </Container>
  )
}

function reachSentence(reach: SegmentReach): string {
  const share = reach.customers ? percent(reach.email / reach.customers, 0) : ''
  return `${count(reach.email)} of ${count(reach.customers)} customers have a usable e-mail address${share && ` (${share})`}.`
}

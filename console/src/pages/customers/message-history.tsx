import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Link from '@cloudscape-design/components/link'
import type { CustomerMessage } from '../../api/schema'
import { useGet } from '../../api/use-get'
import { hrefOf } from '../../app/route'
import { moment } from '../../format/moments'
import { PlainTable } from '../../parts/plain-table'
import { sentence } from '../../parts/set-names'
import { Empty } from '../../states/empty'
import { Loaded } from '../../states/loaded'

/** What a customer got from campaigns, and what is known to have come of it. */
export function MessageHistory({ customerKey }: { customerKey: string }) {
  const query = useGet('/v1/customers/{customer_key}/messages', { customer_key: customerKey })
  return (
    <Container header={<Header variant="h2" description="The newest first, for 400 days. A missing report proves nothing.">Messages</Header>}>
      <Loaded query={query} what="the messages">
        {({ items }) => (
          <PlainTable<CustomerMessage>
            label="Messages to the customer"
            items={items}
            trackBy={({ run_id, sent_at }) => run_id + sent_at}
            empty={<Empty title="No message yet">No campaign has written to this customer.</Empty>}
            columns={[
              { id: 'sent', header: 'Accepted', isRowHeader: true, minWidth: 160, cell: (one) => moment(one.sent_at) },
              {
                id: 'run',
                header: 'Run',
                minWidth: 160,
                cell: (one) => <Link href={hrefOf(['campaigns', one.campaign, 'runs', one.run_id])}>{one.run_id}</Link>,
              },
              { id: 'variant', header: 'Variant', cell: (one) => one.variant },
              { id: 'events', header: 'Reported since', minWidth: 200, cell: (one) => eventsOf(one) },
            ]}
          />
        )}
      </Loaded>
    </Container>
  )
}

function eventsOf({ events }: CustomerMessage): string {
  if (events.length === 0) return 'Nothing yet'
  return events.map(({ kind, at, reason }) => `${sentence(kind.toLowerCase())} ${moment(at)}${reason && ` (${reason})`}`).join(', ')
}

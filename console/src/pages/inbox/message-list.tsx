import Button from '@cloudscape-design/components/button'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import Link from '@cloudscape-design/components/link'
import Table from '@cloudscape-design/components/table'
import { useReading } from '../../api/use-get'
import { hrefOf } from '../../app/route'
import { count } from '../../format/figures'
import { moment } from '../../format/moments'
import { Empty } from '../../states/empty'
import { Loaded } from '../../states/loaded'
import type { LocalMessage, LocalMessages } from './messages'

const MOST = 200

/** The newest messages of the local inbox. */
export function MessageList() {
  const query = useReading<LocalMessages>(`/local/inbox?limit=${MOST}`)
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description="Mails that were sent on this machine. They reach nobody: each is a file here."
          actions={<Button iconName="refresh" ariaLabel="Read the inbox again" onClick={query.reload} />}
        >
          Local inbox
        </Header>
      }
    >
      <Loaded query={query} what="the inbox">
        {(inbox) => <Messages inbox={inbox} />}
      </Loaded>
    </ContentLayout>
  )
}

function Messages({ inbox: { messages, count: all } }: { inbox: LocalMessages }) {
  const description = all > messages.length ? `The newest ${count(messages.length)} of ${count(all)}.` : undefined
  return (
    <Table<LocalMessage>
      header={
        <Header variant="h2" counter={`(${count(all)})`} description={description}>
          Messages
        </Header>
      }
      items={messages}
      trackBy="id"
      wrapLines
      ariaLabels={{ tableLabel: 'Messages in the local inbox' }}
      empty={<Empty title="The inbox is empty">Approve a run, or send a test of a template.</Empty>}
      columnDefinitions={[
        {
          id: 'subject',
          header: 'Subject',
          minWidth: 220,
          isRowHeader: true,
          cell: (one) => <Link href={hrefOf(['inbox', one.id])}>{one.subject || 'Without a subject'}</Link>,
        },
        { id: 'to', header: 'To', minWidth: 200, cell: (one) => one.to },
        { id: 'sent', header: 'Sent', minWidth: 160, cell: (one) => moment(one.sent_at) },
      ]}
    />
  )
}

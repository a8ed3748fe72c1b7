import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import ContentLayout from '@cloudscape-design/components/content-layout'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useReading } from '../../api/use-get'
import { hrefOf } from '../../app/route'
import { moment } from '../../format/moments'
import { PlainTable } from '../../parts/plain-table'
import { Loaded } from '../../states/loaded'
import type { WholeMessage } from './messages'

/** One message: as a mail program shows it, its text part, and its headers. */
export function MessagePage({ id }: { id: string }) {
  const query = useReading<WholeMessage>(`/local/inbox/${encodeURIComponent(id)}`)
  const message = query.state === 'ready' ? query.data : undefined
  return (
    <ContentLayout
      header={
        <Header variant="h1" actions={<Button href={`/local/inbox/${encodeURIComponent(id)}.eml`} download iconName="download">Download .eml</Button>}>
          {message?.subject ?? 'Message'}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Loaded query={query} what="the message">
          {(one) => <Message message={one} />}
        </Loaded>
        <Button href={hrefOf(['inbox'])}>All messages</Button>
      </SpaceBetween>
    </ContentLayout>
  )
}

function Message({ message }: { message: WholeMessage }) {
  return (
    <SpaceBetween size="l">
      <Container>
        <SpaceBetween size="m">
          <KeyValuePairs
            columns={3}
            minColumnWidth={180}
            items={[
              { label: 'From', value: message.from },
              { label: 'To', value: message.to },
              { label: 'Sent', value: moment(message.sent_at) },
            ]}
          />
          <iframe title="The mail as a mail program shows it" sandbox="" srcDoc={message.html} width="100%" height={560} />
        </SpaceBetween>
      </Container>
      <Container>
        <ExpandableSection headerText="Text part" headingTagOverride="h2">
          <Box variant="pre">{message.text}</Box>
        </ExpandableSection>
        <ExpandableSection headerText="Headers" headingTagOverride="h2">
          <PlainTable<WholeMessage['headers'][number]>
            label="Headers"
            items={message.headers}
            trackBy={({ name, value }) => name + value}
            columns={[
              { id: 'name', header: 'Name', isRowHeader: true, cell: (one) => one.name },
              { id: 'value', header: 'Value', minWidth: 300, cell: (one) => <span className="breakable">{one.value}</span> },
            ]}
          />
        </ExpandableSection>
      </Container>
    </SpaceBetween>
  )
}

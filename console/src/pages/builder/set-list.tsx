import Badge from '@cloudscape-design/components/badge'
import Button from '@cloudscape-design/components/button'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import Link from '@cloudscape-design/components/link'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Table from '@cloudscape-design/components/table'
import type { SetDocument, SetDocumentList } from '../../api/schema'
import { useGet } from '../../api/use-get'
import { hrefOf } from '../../app/route'
import { moment } from '../../format/moments'
import { setTitle } from '../../parts/set-names'
import { Loaded } from '../../states/loaded'

/** The segment sets that the shop can use. */
export function SetList() {
  const query = useGet('/v1/segment-sets', {})
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description="A set gives each customer one label. The next run computes the sets in use, and every destination gets them."
          actions={
            <Button variant="primary" href={hrefOf(['builder', 'new'])}>
              Build a set
            </Button>
          }
        >
          Segment builder
        </Header>
      }
    >
      <Loaded query={query} what="the segment sets">
        {(list) => <Sets list={list} />}
      </Loaded>
    </ContentLayout>
  )
}

function Sets({ list }: { list: SetDocumentList }) {
  return (
    <Table<SetDocument>
      header={<Header variant="h2" counter={`(${list.items.length})`} description={savedWords(list)}>Segment sets</Header>}
      items={list.items}
      trackBy="name"
      wrapLines
      columnDefinitions={[
        {
          id: 'name',
          header: 'Set',
          minWidth: 160,
          isRowHeader: true,
          cell: (set) => <Link href={hrefOf(['builder', set.name])}>{setTitle(set.name)}</Link>,
        },
        { id: 'use', header: 'Next run', minWidth: 130, cell: (set) => <InUse set={set} /> },
        { id: 'kind', header: 'From', minWidth: 130, cell: (set) => <Badge color={set.shipped ? 'grey' : 'green'}>{set.shipped ? 'Tessera' : 'Your shop'}</Badge> },
        { id: 'meaning', header: 'Meaning', minWidth: 280, cell: (set) => meaningOf(set) },
      ]}
    />
  )
}

function InUse({ set }: { set: SetDocument }) {
  return <StatusIndicator type={set.in_use ? 'success' : 'stopped'}>{set.in_use ? 'In use' : 'Not in use'}</StatusIndicator>
}

const meaningOf = (set: SetDocument): string => String(set.definition.meaning ?? '')

function savedWords({ version, saved_by: by, saved_at: at }: SetDocumentList): string {
  return version === 0 ? 'Nothing was saved here yet.' : `Version ${version}, saved by ${by ?? 'somebody'} on ${moment(at)}.`
}

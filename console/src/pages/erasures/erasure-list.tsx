import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import Link from '@cloudscape-design/components/link'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { useState } from 'react'
import type { ErasureCase, ErasureList } from '../../api/schema'
import { useGet } from '../../api/use-get'
import { usePolling } from '../../api/use-polling'
import { goTo, hrefOf } from '../../app/route'
import { count } from '../../format/figures'
import { moment } from '../../format/moments'
import { Empty } from '../../states/empty'
import { Loaded } from '../../states/loaded'
import { EraseDialog } from './erase-dialog'
import { ErasureStatus, isUnderWay } from './status'

/** Every case, and how to begin another one. */
export function ErasureListPage() {
  const cases = useGet('/v1/erasures', { limit: 200 })
  const [asking, setAsking] = useState(false)
  usePolling(cases.state === 'ready' && cases.data.items.some(isUnderWay), cases.poll, 5)
  const onAsked = (asked: ErasureCase) => {
    setAsking(false)
    goTo(hrefOf(['erasures', asked.case]))
  }
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description="People who asked to be forgotten. Each is taken out of everything that is stored, and the destinations are asked to do the same. A signed receipt lists what was done."
          actions={
            <Button variant="primary" onClick={() => setAsking(true)}>
              Erase somebody
            </Button>
          }
        >
          Erasures
        </Header>
      }
    >
      <Loaded query={cases} what="the erasures">
        {(list) => <CaseTable list={list} />}
      </Loaded>
      {asking && <EraseDialog onAsked={onAsked} onCancel={() => setAsking(false)} />}
    </ContentLayout>
  )
}

function CaseTable({ list: { items, next } }: { list: ErasureList }) {
  return (
    <SpaceBetween size="s">
      <Table<ErasureCase>
        header={<Header variant="h2" counter={`(${count(items.length)}${next ? '+' : ''})`}>Cases</Header>}
        items={items}
        trackBy="case"
        ariaLabels={{ tableLabel: 'Erasures' }}
        empty={<Empty title="Nobody was erased yet">A case begins with the shop&apos;s id of a customer, or an address.</Empty>}
        columnDefinitions={[
          { id: 'case', header: 'Case', isRowHeader: true, cell: (one) => <Link href={hrefOf(['erasures', one.case])}>{one.case}</Link> },
          { id: 'state', header: 'State', cell: (one) => <ErasureStatus of={one} /> },
          { id: 'customers', header: 'Ids and addresses', cell: (one) => count(one.customers) },
          { id: 'requested', header: 'Asked for', cell: (one) => moment(one.requested_at) },
          { id: 'by', header: 'By', cell: (one) => one.requested_by },
        ]}
      />
      {next && <Box color="text-body-secondary">The API lists the older ones, at /v1/erasures.</Box>}
    </SpaceBetween>
  )
}

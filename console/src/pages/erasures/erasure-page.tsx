import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ErasureDetail } from '../../api/schema'
import { useGet } from '../../api/use-get'
import { usePolling } from '../../api/use-polling'
import { count } from '../../format/figures'
import { moment } from '../../format/moments'
import { asSentence } from '../../format/words'
import { Loaded } from '../../states/loaded'
import { Done } from './done'
import { receiptOf, saveReceipt } from './receipt'
import { ErasureStatus, isUnderWay } from './status'

/** One case: how far it is, what was done, and the receipt as a file. */
export function ErasurePage({ id }: { id: string }) {
  const query = useGet('/v1/erasures/{case}', { case: id })
  const known = query.state === 'ready' ? query.data : undefined
  usePolling(known !== undefined && isUnderWay(known), query.poll, 5)
  const receipt = known?.receipt
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={known && `Asked for ${moment(known.requested_at)} by ${known.requested_by}`}
          actions={receipt && <Button iconName="download" onClick={() => saveReceipt(id, receipt)}>Save the receipt</Button>}
        >
          Case {id}
        </Header>
      }
    >
      <Loaded query={query} what="the case">
        {(detail) => (
          <SpaceBetween size="l">
            <Why detail={detail} />
            <Facts detail={detail} />
            {detail.receipt && <Done receipt={receiptOf(detail.receipt)} />}
          </SpaceBetween>
        )}
      </Loaded>
    </ContentLayout>
  )
}

const NEXT: Readonly<Record<ErasureDetail['state'], string>> = {
  waiting: 'It waits for the runs before it. A run that waits for an approval holds it up.',
  working: 'You can leave this page. It goes on by itself.',
  open: 'What is left is tried again every day.',
  complete: '',
  refused: 'Nothing was erased.',
}

function Why({ detail: { state, why, open_until: until } }: { detail: ErasureDetail }) {
  const next = until ? `What began before the search may write until ${moment(until)}. After that everything is searched again.` : NEXT[state]
  const words = [asSentence(why), next].filter(Boolean).join(' ')
  if (!words) return null
  return <Alert type={state === 'refused' ? 'error' : state === 'open' && !until ? 'warning' : 'info'}>{words}</Alert>
}

function Facts({ detail }: { detail: ErasureDetail }) {
  const receipt = detail.receipt ? receiptOf(detail.receipt) : undefined
  return (
    <Container>
      <KeyValuePairs
        columns={4}
        minColumnWidth={150}
        items={[
          { label: 'State', value: <ErasureStatus of={detail} /> },
          { label: 'Ids and addresses', value: count(detail.customers) },
          { label: 'Of these, nobody has', value: count(receipt?.unknown) },
          { label: 'Receipt of', value: moment(receipt?.finished_at) },
        ]}
      />
    </Container>
  )
}

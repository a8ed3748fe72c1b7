import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import Table from '@cloudscape-design/components/table'
import { useState } from 'react'
import type { CampaignRunDetail, DoubtfulRecipient } from '../../../api/schema'
import { post } from '../../../api/use-action'
import { useGet } from '../../../api/use-get'
import { count } from '../../../format/figures'
import { moment } from '../../../format/moments'
import { FormDialog } from '../../../parts/form-dialog'
import { Loaded } from '../../../states/loaded'

interface Props {
  run: CampaignRunDetail
  onReleased: () => void
}

/** Recipients whose message may or may not have left. A person decides whether to send again. */
export function Doubts({ run, onReleased }: Props) {
  const unknown = run.tally?.doubts ?? 0
  return unknown > 0 ? <DoubtList run={run} onReleased={onReleased} /> : null
}

function DoubtList({ run, onReleased }: Props) {
  const query = useGet('/v1/campaign-runs/{campaign_run}/doubts', { campaign_run: run.run_id })
  const [chosen, setChosen] = useState<DoubtfulRecipient[]>([])
  const [asks, setAsks] = useState(false)
  const release = () =>
    post('/v1/campaign-runs/{campaign_run}/doubts/release', { campaign_run: run.run_id }, { recipients: chosen.map((one) => one.recipient) }).then(() => {
      setAsks(false)
      setChosen([])
      query.reload()
      onReleased()
    })
  return (
    <Loaded query={query} what="the recipients in doubt">
      {({ doubts, items }) => (
        <>
          <Table<DoubtfulRecipient>
            header={
              <Header
                variant="h2"
                counter={`(${count(doubts)})`}
                description="Nothing proves that these messages were sent, and nothing that they were not. They are never sent again by themselves."
                actions={
                  <Button disabled={chosen.length === 0} onClick={() => setAsks(true)}>
                    Send again{chosen.length > 0 && ` to ${count(chosen.length)}`}
                  </Button>
                }
              >
                In doubt
              </Header>
            }
            items={items}
            trackBy="recipient"
            selectionType="multi"
            selectedItems={chosen}
            onSelectionChange={({ detail }) => setChosen(detail.selectedItems)}
            ariaLabels={{
              tableLabel: 'Recipients in doubt',
              selectionGroupLabel: 'Which get the message again',
              allItemsSelectionLabel: () => 'All recipients in doubt',
              itemSelectionLabel: (_, one) => `Recipient ${one.recipient.slice(0, 8)}`,
            }}
            columnDefinitions={[
              { id: 'recipient', header: 'Recipient', isRowHeader: true, cell: (one) => one.recipient.slice(0, 8) },
              { id: 'at', header: 'Since', cell: (one) => moment(one.since) },
            ]}
          />
          {asks && (
            <FormDialog title="Send again?" submit={`Send again to ${count(chosen.length)}`} onSubmit={release} onCancel={() => setAsks(false)}>
              <Alert type="warning">Who has got the message already gets it twice. Look for it at the e-mail service first.</Alert>
            </FormDialog>
          )}
        </>
      )}
    </Loaded>
  )
}

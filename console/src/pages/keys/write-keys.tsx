import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { useState } from 'react'
import type { CreatedWriteKey, WriteKeyFacts } from '../../api/schema'
import { remove } from '../../api/use-action'
import { useGet } from '../../api/use-get'
import { moment } from '../../format/moments'
import { Empty } from '../../states/empty'
import { Loaded } from '../../states/loaded'
import { CreateWriteKey } from './create-write-key'
import { Expiry } from './expiry'
import { NewKey } from './new-key'
import { RevokeKey } from './revoke-key'

const OFF = 409

/** The write-only keys of the shop's pages. Nothing where the stage does not take their events. */
export function WriteKeys() {
  const keys = useGet('/v1/write-keys', {})
  const [creating, setCreating] = useState(false)
  const [created, setCreated] = useState<CreatedWriteKey>()
  const [revoking, setRevoking] = useState<WriteKeyFacts>()
  if (keys.state === 'refused' && keys.problem.status === OFF) return null
  const onCreated = (key: CreatedWriteKey) => {
    setCreating(false)
    setCreated(key)
    keys.reload()
  }
  const onRevoked = () => {
    setRevoking(undefined)
    keys.reload()
  }
  return (
    <SpaceBetween size="s">
      {created && <NewKey created={created} onClose={() => setCreated(undefined)} />}
      <Loaded query={keys} what="the keys of pages">
        {({ items }) => <Keys keys={items} onCreate={() => setCreating(true)} onRevoke={setRevoking} />}
      </Loaded>
      {creating && <CreateWriteKey onCreated={onCreated} onCancel={() => setCreating(false)} />}
      {revoking && (
        <RevokeKey
          label={revoking.label}
          consequence="The events of pages that use it are refused at once."
          revoke={() => remove('/v1/write-keys/{key_id}', { key_id: revoking.key_id })}
          onClose={() => setRevoking(undefined)}
          onRevoked={onRevoked}
        />
      )}
    </SpaceBetween>
  )
}

interface KeysProps {
  keys: readonly WriteKeyFacts[]
  onCreate: () => void
  onRevoke: (key: WriteKeyFacts) => void
}

function Keys({ keys, onCreate, onRevoke }: KeysProps) {
  return (
    <Table<WriteKeyFacts>
      header={
        <Header
          variant="h2"
          counter={`(${keys.length})`}
          description="A page sends events with such a key, and reads nothing. Every visitor can see it."
          actions={<Button onClick={onCreate}>Create a page key</Button>}
        >
          Keys of pages
        </Header>
      }
      items={keys}
      trackBy="key_id"
      empty={<Empty title="No keys of pages">Create one for each page that sends what its visitors do.</Empty>}
      columnDefinitions={[
        { id: 'label', header: 'Page', isRowHeader: true, cell: (key) => key.label },
        { id: 'id', header: 'Key', cell: (key) => <Box variant="code">tsw_{key.key_id}_…</Box> },
        { id: 'created', header: 'Created', cell: (key) => `${moment(key.created_at)} by ${key.created_by}` },
        { id: 'expires', header: 'Expires', cell: (key) => <Expiry at={key.expires_at} /> },
        {
          id: 'revoke',
          header: 'Action',
          cell: (key) => (
            <Button variant="inline-link" ariaLabel={`Revoke ${key.label}`} onClick={() => onRevoke(key)}>
              Revoke
            </Button>
          ),
        },
      ]}
    />
  )
}

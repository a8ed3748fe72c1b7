import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { useState } from 'react'
import type { ApiKeyFacts } from '../../api/schema'
import { remove } from '../../api/use-action'
import { moment } from '../../format/moments'
import { Empty } from '../../states/empty'
import { Expiry } from './expiry'
import { RevokeKey } from './revoke-key'
import { roleWords } from './roles'

/** The keys without their secrets. */
export function KeyTable({ keys, onRevoked }: { keys: readonly ApiKeyFacts[]; onRevoked: () => void }) {
  const [revoking, setRevoking] = useState<ApiKeyFacts>()
  return (
    <SpaceBetween size="s">
      <Table<ApiKeyFacts>
        header={<Header variant="h2" counter={`(${keys.length})`}>Keys</Header>}
        items={keys}
        trackBy="key_id"
        empty={<Empty title="No keys">Create one for each system that reads from Tessera.</Empty>}
        columnDefinitions={[
          { id: 'label', header: 'For', isRowHeader: true, cell: (key) => key.label },
          { id: 'id', header: 'Key', cell: (key) => <Box variant="code">tsk_{key.key_id}_…</Box> },
          { id: 'role', header: 'Role', cell: (key) => roleWords(key.role) },
          { id: 'created', header: 'Created', cell: (key) => `${moment(key.created_at)} by ${key.created_by}` },
          { id: 'expires', header: 'Expires', cell: (key) => <Expiry at={key.expires_at} /> },
          {
            id: 'revoke',
            header: 'Action',
            cell: (key) => (
              <Button variant="inline-link" ariaLabel={`Revoke ${key.label}`} onClick={() => setRevoking(key)}>
                Revoke
              </Button>
            ),
          },
        ]}
      />
      {revoking && (
        <RevokeKey
          label={revoking.label}
          consequence="The system that uses it loses access within five minutes."
          revoke={() => remove('/v1/keys/{key_id}', { key_id: revoking.key_id })}
          onClose={() => setRevoking(undefined)}
          onRevoked={() => {
            setRevoking(undefined)
            onRevoked()
          }}
        />
      )}
    </SpaceBetween>
  )
}

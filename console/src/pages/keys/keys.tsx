import Button from '@cloudscape-design/components/button'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { CreatedKey } from '../../api/schema'
import { useGet } from '../../api/use-get'
import { Loaded } from '../../states/loaded'
import { CreateKey } from './create-key'
import { KeyTable } from './key-table'
import { NewKey } from './new-key'
import { UserTable } from './user-table'
import { WriteKeys } from './write-keys'

/** API keys for other systems, and the users of the console. */
export default function KeysPage() {
  const keys = useGet('/v1/keys', {})
  const [creating, setCreating] = useState(false)
  const [created, setCreated] = useState<CreatedKey>()
  const onCreated = (key: CreatedKey) => {
    setCreating(false)
    setCreated(key)
    keys.reload()
  }
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description="A key lets another system read or act for this shop, as far as its role allows."
          actions={
            <Button variant="primary" onClick={() => setCreating(true)}>
              Create a key
            </Button>
          }
        >
          API keys
        </Header>
      }
    >
      <SpaceBetween size="l">
        {created && <NewKey created={created} onClose={() => setCreated(undefined)} />}
        <Loaded query={keys} what="the keys">
          {({ items }) => <KeyTable keys={items} onRevoked={keys.reload} />}
        </Loaded>
        <WriteKeys />
        <UserTable />
      </SpaceBetween>
      {creating && <CreateKey onCreated={onCreated} onCancel={() => setCreating(false)} />}
    </ContentLayout>
  )
}

import Header from '@cloudscape-design/components/header'
import Table from '@cloudscape-design/components/table'
import type { User } from '../../api/schema'
import { useGet } from '../../api/use-get'
import { Empty } from '../../states/empty'
import { Loaded } from '../../states/loaded'
import { roleWords } from './roles'

/** Who can sign in. `make console-user` adds somebody. */
export function UserTable() {
  const users = useGet('/v1/users', {})
  return (
    <Loaded query={users} what="the users">
      {({ items }) => (
        <Table<User>
          header={<Header variant="h2" counter={`(${items.length})`}>Users</Header>}
          items={items}
          trackBy="subject"
          empty={<Empty title="No users">On this computer nobody signs in. In AWS, make console-user adds a user.</Empty>}
          columnDefinitions={[
            { id: 'email', header: 'E-mail', isRowHeader: true, cell: (user) => user.email },
            { id: 'role', header: 'Role', cell: (user) => roleWords(user.role) },
          ]}
        />
      )}
    </Loaded>
  )
}

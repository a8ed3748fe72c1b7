import Popover from '@cloudscape-design/components/popover'
import type { ReactNode } from 'react'
import type { GroupFigures } from '../../../api/schema'
import type { Whole } from '../../../api/whole'
import { ABSENT, count, percent } from '../../../format/figures'
import { PlainTable, type Column } from '../../../parts/plain-table'
import { Small } from '../../../parts/small'

type Group = Whole<GroupFigures>
type Events = Group['events']
type Name = keyof Events & string

interface Props {
  label: string
  /** What the first column is about. */
  title: string
  groups: readonly Group[]
}

/** People by what happened to their message, a row for each group. */
export function FigureTable({ label, title, groups }: Props) {
  return (
    <PlainTable<Group>
      label={label}
      items={groups}
      trackBy="group"
      columns={[
        { id: 'group', header: title, isRowHeader: true, minWidth: 110, cell: (one) => one.group || 'Unknown' },
        { id: 'recipients', header: 'Recipients', minWidth: 105, cell: (one) => count(one.recipients) },
        column('accepted', 'Accepted'),
        column('delivered', 'Delivered'),
        { ...column('opened', <Unreliable />), cell: ({ events }) => <Opened events={events} /> },
        { ...column('clicked', 'Clicked'), cell: ({ events }) => <Clicked events={events} /> },
        column('bounced', 'Bounced'),
        column('complained', 'Complained'),
        {
          id: 'unsubscribed',
          header: 'Opted out',
          minWidth: 105,
          cell: ({ unsubscribed, events }) => <Share people={unsubscribed} of={events.accepted} />,
        },
      ]}
    />
  )
}

function column(name: Name, header: ReactNode): Column<Group> {
  return { id: name, header, minWidth: 105, cell: ({ events }) => <Share people={events[name]} of={events.accepted} /> }
}

function Share({ people, of }: { people: number; of: number }) {
  return (
    <>
      {count(people)} <span className="muted">{people > 0 && of > 0 && percent(people / of)}</span>
    </>
  )
}

/** Opens are counted only where people have consented to it. So none is not 0. */
function Opened({ events }: { events: Events }) {
  return events.opened > 0 ? <Share people={events.opened} of={events.accepted} /> : ABSENT
}

function Clicked({ events }: { events: Events }) {
  return (
    <>
      <Share people={events.clicked} of={events.accepted} />
      {events.clicked_raw > events.clicked && (
        <Small>{count(events.clicked_raw)} with scanners</Small>
      )}
    </>
  )
}

function Unreliable() {
  return (
    <Popover
      header="Opens are unreliable"
      content="Mail programs load pictures unasked, or not at all. Opens are counted only for people who have consented to it. Nothing is triggered by an open."
      triggerType="text"
      dismissAriaLabel="Close"
    >
      Opened, unreliable
    </Popover>
  )
}

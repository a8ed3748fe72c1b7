import Box from '@cloudscape-design/components/box'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { HourCount, PlannedHours } from '../../../api/schema'
import { count } from '../../../format/figures'
import { PlainTable } from '../../../parts/plain-table'

const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`

/** At which hours the run writes, where the campaign asks for each person's best one. */
export function PlannedHoursTable({ hours: { decision, reason, by_hour: byHour, without_clicks: without, outside } }: { hours: PlannedHours }) {
  return (
    <section aria-label="Best hours">
      <Box variant="h3">{"Each person's best hour"}</Box>
      <StatusIndicator type={decision === 'publish' ? 'success' : 'info'}>{decision === 'publish' ? 'Own hours are used' : 'Withheld'}</StatusIndicator>
      <Box color="text-body-secondary">
        {reason} {count(without)} people have no click yet. The best hour of {count(outside)} is outside of the campaign's hours. Both are written to at the
        usual time.
      </Box>
      {byHour.length > 0 && (
        <PlainTable<HourCount>
          label="People by their best hour"
          items={byHour}
          trackBy={({ hour }) => String(hour)}
          columns={[
            { id: 'hour', header: 'From', isRowHeader: true, minWidth: 100, cell: ({ hour }) => clock(hour) },
            { id: 'people', header: 'People', minWidth: 100, cell: ({ recipients }) => count(recipients) },
          ]}
        />
      )}
    </section>
  )
}

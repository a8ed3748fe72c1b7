import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { EffectOutlook } from '../../api/schema'
import { useGet } from '../../api/use-get'
import { count, percent } from '../../format/figures'
import { PlainTable } from '../../parts/plain-table'
import { Small } from '../../parts/small'
import { Loaded } from '../../states/loaded'
import { NumberInput } from '../campaigns/builder/number-input'
import { atLeast, termsWords } from './outlook-words'

type Row = EffectOutlook['rows'][number]

/** Effect size × holdout × weeks until it is known, for a number of people. */
export function Outlook() {
  const [people, setPeople] = useState(10_000)
  const [weekly, setWeekly] = useState(false)
  const [lift, setLift] = useState(10)
  const [days, setDays] = useState(30)
  const query = useGet('/v1/effect-outlook', { people, weekly, lift: lift / 100, result_days: days })
  return (
    <Container
      header={
        <Header variant="h2" description="A small effect needs many people. Ask before you send: an effect that cannot be seen stays inconclusive.">
          What could be seen?
        </Header>
      }
    >
      <SpaceBetween size="m">
        <SegmentedControl
          label="How people enter"
          selectedId={weekly ? 'weekly' : 'once'}
          options={[
            { id: 'once', text: 'All on one day' },
            { id: 'weekly', text: 'Some every week' },
          ]}
          onChange={({ detail }) => setWeekly(detail.selectedId === 'weekly')}
        />
        <ColumnLayout columns={3} minColumnWidth={200}>
          <NumberInput title={weekly ? 'People a week' : 'People'} value={people} least={1} most={100_000_000} unit="Held-out people included" onChange={setPeople} />
          <NumberInput title="Smallest effect worth knowing" value={lift} least={1} most={1000} unit="Percent more buyers" onChange={setLift} />
          <NumberInput title="Purchases count for" value={days} least={1} most={365} unit="Days" onChange={setDays} />
        </ColumnLayout>
        <Loaded query={query} what="the outlook">
          {(outlook) => <Answer outlook={outlook} weekly={weekly} />}
        </Loaded>
      </SpaceBetween>
    </Container>
  )
}

function Answer({ outlook, weekly }: { outlook: EffectOutlook; weekly: boolean }) {
  const { rows, smallest_share: share, lift } = outlook
  const lifts = rows[0]?.cells.map((cell) => cell.lift) ?? []
  const within = weekly ? 'within a year' : 'with these people'
  return (
    <SpaceBetween size="s">
      <Alert type={share === null ? 'warning' : 'success'}>
        {share === null
          ? `No holdout shows ${percent(lift, 0)} more buyers ${within}. Take more people, or look for a larger effect.`
          : `Hold out ${atLeast(share)} to see ${percent(lift, 0)} more buyers ${within}.`}
      </Alert>
      <Box color="text-body-secondary">{termsWords(outlook)}</Box>
      <PlainTable<Row>
        label="Weeks until an effect is known"
        items={rows}
        trackBy={(row) => String(row.share)}
        columns={[
          { id: 'share', header: 'Held out', isRowHeader: true, minWidth: 100, cell: (row) => percent(row.share, 0) },
          { id: 'least', header: weekly ? 'Seen in a year' : 'Seen with these', minWidth: 150, cell: (row) => `from ${percent(row.detectable_lift)} more` },
          ...lifts.map((one, place) => ({
            id: String(one),
            header: `${percent(one, 0)} more buyers`,
            minWidth: 150,
            cell: (row: Row) => <Cell cell={row.cells[place]} />,
          })),
        ]}
      />
    </SpaceBetween>
  )
}

function Cell({ cell }: { cell: Row['cells'][number] | undefined }) {
  if (!cell) return null
  return (
    <>
      {cell.weeks === null ? 'Not with these' : weeksOf(cell.weeks)}
      <Small>{count(cell.people)} people</Small>
    </>
  )
}

const weeksOf = (weeks: number): string => (weeks > 520 ? 'Over 10 years' : `${count(Math.ceil(weeks))} weeks`)

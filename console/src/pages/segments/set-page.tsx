import Alert from '@cloudscape-design/components/alert'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Link from '@cloudscape-design/components/link'
import Tabs from '@cloudscape-design/components/tabs'
import type { GroupSet, Insights } from '../../api/schema'
import { goTo, hrefOf } from '../../app/route'
import { InsightsPage } from '../../parts/insights-page'
import { columnWords } from '../../parts/columns'
import { setNames, setTitle } from '../../parts/set-names'
import { GroupTable } from './group-table'

/** Every segment set of a run, one tab each. */
export function SetPage({ set }: { set: string | undefined }) {
  return (
    <InsightsPage title="Segments" intro="Every customer has exactly one label in each set.">
      {(insights, run) => {
        const names = setNames(insights.sets)
        return (
          <Tabs
            activeTabId={set ?? names[0] ?? ''}
            onChange={({ detail }) => goTo(hrefOf(['segments', detail.activeTabId], { run }))}
            tabs={names.map((name) => ({
              id: name,
              label: setTitle(name),
              content: <SetTable name={name} insights={insights} run={run} />,
            }))}
          />
        )
      }}
    </InsightsPage>
  )
}

function SetTable({ name, insights, run }: { name: string; insights: Insights; run: string | undefined }) {
  const set = insights.sets[name]
  if (!set) return null
  return (
    <Container header={<Header variant="h2" description={set.meaning}>{setTitle(name)}</Header>}>
      <Rule name={name} set={set} />
      <GroupTable set={name} groups={set.groups} currency={insights.currency} run={run} />
    </Container>
  )
}

/** What labelled the customers, where it is not the set's own first column. */
function Rule({ name, set }: { name: string; set: GroupSet }) {
  if (set.by_conditions)
    return (
      <Alert type="info">
        The first label whose condition holds is given. <Link href={hrefOf(['builder', name])}>See its conditions</Link>
      </Alert>
    )
  const withheld = set.withheld ?? []
  if (withheld.length === 0 || !set.column) return null
  return (
    <Alert type="info" header="A forecast is withheld">
      {sentenceOf(withheld)} The labels are given by {columnWords(set.column).toLowerCase()} instead.
    </Alert>
  )
}

function sentenceOf(columns: readonly string[]): string {
  const words = columns.map((column) => columnWords(column).toLowerCase()).join(' and ')
  return `There is no figure for ${words}.`
}

import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useCustomers } from '../../api/use-customers'
import type { Insights } from '../../api/schema'
import { useRoute } from '../../app/route'
import { CustomerTable } from '../../parts/customer-table'
import { InsightsPage } from '../../parts/insights-page'
import { Filters } from './filters'
import { Search } from './search'

/** Customers with filters, and the search by id or address. */
export function CustomerList() {
  return (
    <InsightsPage title="Customers" intro="By pseudonym. Search by the shop's own id or by an address.">
      {(insights, run) => (
        <>
          <Container>
            <Search run={run} />
          </Container>
          <Filtered insights={insights} run={run} />
        </>
      )}
    </InsightsPage>
  )
}

function Filtered({ insights, run }: { insights: Insights; run: string | undefined }) {
  const { query } = useRoute()
  const filters = {
    segment: query.get('segment') ?? undefined,
    value_tier: query.get('value_tier') ?? undefined,
    churn_band: query.get('churn_band') ?? undefined,
  }
  const pages = useCustomers({ run, ...filters })
  return (
    <CustomerTable
      pages={pages}
      currency={insights.currency}
      run={run}
      header={
        <SpaceBetween size="s">
          <Header variant="h2">All customers</Header>
          <Filters sets={insights.sets} chosen={filters} />
        </SpaceBetween>
      }
    />
  )
}

import Header from '@cloudscape-design/components/header'
import { useCustomers } from '../../api/use-customers'
import { CustomerTable } from '../../parts/customer-table'
import { DownloadCsv } from '../../parts/download-csv'

interface Props {
  set: string
  label: string
  run: string | undefined
  currency: string
}

/** The segment's customers, as a table and as a CSV file. */
export function Members({ set, label, run, currency }: Props) {
  const filters = set === 'rfm' ? { run, segment: label } : { run, label: `${set}:${label}` }
  const pages = useCustomers(filters, 10)
  return (
    <CustomerTable
      pages={pages}
      currency={currency}
      run={run}
      isOneSegment={set === 'rfm'}
      header={
        <Header
          variant="h2"
          description="By pseudonym. Names and addresses are kept apart."
          actions={<DownloadCsv path="/v1/customers.csv" parameters={filters} name={`${label}.csv`} />}
        >
          Members
        </Header>
      }
    />
  )
}

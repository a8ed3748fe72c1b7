import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import { useState } from 'react'
import { downloadCsv } from '../../api/download'
import { problemFrom, type Problem } from '../../api/problem'
import { useCustomers } from '../../api/use-customers'
import { CustomerTable } from '../../parts/customer-table'
import { ProblemAlert } from '../../states/problem-alert'

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
  const [saving, setSaving] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const save = async () => {
    setSaving(true)
    setProblem(undefined)
    await downloadCsv('/v1/customers.csv', filters, `${label}.csv`).catch((thrown: unknown) => setProblem(problemFrom(thrown)))
    setSaving(false)
  }
  return (
    <>
      {problem && <ProblemAlert problem={problem} />}
      <CustomerTable
        pages={pages}
        currency={currency}
        run={run}
        isOneSegment={set === 'rfm'}
        header={
          <Header
            variant="h2"
            description="By pseudonym. Names and addresses are kept apart."
            actions={
              <Button iconName="download" loading={saving} onClick={() => void save()}>
                Download CSV
              </Button>
            }
          >
            Members
          </Header>
        }
      />
    </>
  )
}

import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import type { ReactNode } from 'react'
import type { Head } from './definition'

interface Props<Set extends Head> {
  set: Set
  onChange: (set: Set) => void
  children?: ReactNode
}

/** What every set begins with: how it is called, and what it is about. */
export function SetTexts<Set extends Head>({ set, onChange, children }: Props<Set>) {
  return (
    <Container header={<Header variant="h2">The set</Header>}>
      <ColumnLayout columns={2} minColumnWidth={240}>
        <FormField label="Name" description="It stands before each label: Attention Call.">
          <Input value={set.prefix} onChange={({ detail }) => onChange({ ...set, prefix: detail.value })} />
        </FormField>
        <FormField label="What it is about" description="One sentence for those who read the report.">
          <Input value={set.meaning} onChange={({ detail }) => onChange({ ...set, meaning: detail.value })} />
        </FormField>
        {children}
      </ColumnLayout>
    </Container>
  )
}

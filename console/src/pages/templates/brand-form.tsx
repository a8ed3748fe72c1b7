import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Grid from '@cloudscape-design/components/grid'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { BrandDocument } from '../../api/schema'
import { put, useAction } from '../../api/use-action'
import type { Field } from '../../campaigns/compiler/palette.ts'
import { PALETTE } from '../../campaigns/editor/palette'
import { moment } from '../../format/moments'
import { ProblemAlert } from '../../states/problem-alert'

/** Font, colours, logo and postal address of every template. */
export function BrandForm({ kit, onSaved }: { kit: BrandDocument; onSaved: () => void }) {
  const [fields, setFields] = useState(kit.brand)
  const action = useAction()
  const save = () =>
    void action.run(async () => {
      await put('/v1/brand', {}, { version: kit.version, brand: fields })
      onSaved()
    })
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={kit.version ? `Version ${kit.version}, saved on ${moment(kit.saved_at)}.` : 'Nothing was saved here yet.'}
          actions={
            <Button loading={action.busy} onClick={save}>
              Save the brand kit
            </Button>
          }
        >
          Brand kit
        </Header>
      }
    >
      <SpaceBetween size="m">
        {action.problem && <ProblemAlert problem={action.problem} />}
        <Box color="text-body-secondary">A published version keeps the brand kit that it was published with.</Box>
        <Grid gridDefinition={Object.keys(PALETTE.brand.fields).map(() => ({ colspan: { default: 12, xs: 6, m: 4 } }))}>
          {Object.entries(PALETTE.brand.fields).map(([name, field]) => (
            <FormField key={name} label={field.label}>
              <BrandField field={field} value={fields[name]} onChange={(value) => setFields({ ...fields, [name]: value })} />
            </FormField>
          ))}
        </Grid>
      </SpaceBetween>
    </Container>
  )
}

interface Choice {
  field: Field
  value: unknown
  onChange: (value: unknown) => void
}

function BrandField({ field, value, onChange }: Choice) {
  const text = String(value ?? '')
  if (field.type === 'choice') {
    const options = (field.options ?? []).map((one) => ({ value: one, label: one }))
    return (
      <Select
        options={options}
        selectedOption={{ value: text, label: text }}
        onChange={({ detail }) => onChange(detail.selectedOption.value)}
      />
    )
  }
  if (field.type === 'number') {
    return <Input type="number" inputMode="numeric" value={text} onChange={({ detail }) => onChange(Number(detail.value))} />
  }
  return <Input value={text} onChange={({ detail }) => onChange(detail.value)} />
}

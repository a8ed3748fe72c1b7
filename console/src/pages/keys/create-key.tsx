import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Modal from '@cloudscape-design/components/modal'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type FormEvent } from 'react'
import type { CreatedKey } from '../../api/schema'
import { post, useAction } from '../../api/use-action'
import { ProblemAlert } from '../../states/problem-alert'
import { ROLES, type Role } from './roles'

interface Props {
  onCreated: (key: CreatedKey) => void
  onCancel: () => void
}

export function CreateKey({ onCreated, onCancel }: Props) {
  const [label, setLabel] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [days, setDays] = useState('365')
  const action = useAction()
  const create = (event: FormEvent) => {
    event.preventDefault()
    void action.run(async () => onCreated(await post('/v1/keys', {}, { label, role, days: Number(days) })))
  }
  return (
    <Modal
      visible
      header="Create an API key"
      closeAriaLabel="Close"
      onDismiss={onCancel}
      footer={
        <Box float="right">
          <SpaceBetween size="xs" direction="horizontal">
            <Button onClick={onCancel}>Cancel</Button>
            <Button form="create-key" variant="primary" loading={action.busy}>
              Create
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form id="create-key" onSubmit={create}>
        <SpaceBetween size="m">
          {action.problem && <ProblemAlert problem={action.problem} />}
          <FormField label="What it is for" description="Such as the system that will use it.">
            <Input value={label} onChange={({ detail }) => setLabel(detail.value)} />
          </FormField>
          <FormField label="Role">
            <RadioGroup value={role} items={[...ROLES]} onChange={({ detail }) => setRole(detail.value as Role)} />
          </FormField>
          <FormField label="Works for" description="From 1 to 730 days.">
            <Input type="number" inputMode="numeric" value={days} onChange={({ detail }) => setDays(detail.value)} />
          </FormField>
        </SpaceBetween>
      </form>
    </Modal>
  )
}

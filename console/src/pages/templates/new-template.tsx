import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type FormEvent } from 'react'
import type { TemplateFacts } from '../../api/schema'
import { post, put, useAction } from '../../api/use-action'
import { goTo, hrefOf } from '../../app/route'
import { ProblemAlert } from '../../states/problem-alert'
import { slugOf, starter } from './starter'

interface Props {
  /** The template to copy. Null begins with a few blocks. */
  original: TemplateFacts | null
  onCancel: () => void
}

export function NewTemplate({ original, onCancel }: Props) {
  const [name, setName] = useState(original ? `${original.name} 2` : '')
  const action = useAction()
  const id = slugOf(name)
  const create = (event: FormEvent) => {
    event.preventDefault()
    void action.run(async () => {
      if (original) await post('/v1/templates/{template_id}/duplicate', { template_id: original.id }, { id, name })
      else await put('/v1/templates/{template_id}', { template_id: id }, { version: 0, name, template: starter(name) })
      goTo(hrefOf(['templates', id]))
    })
  }
  return (
    <Modal
      visible
      header={original ? `Duplicate ${original.name}` : 'New template'}
      closeAriaLabel="Close"
      onDismiss={onCancel}
      footer={
        <Box float="right">
          <SpaceBetween size="xs" direction="horizontal">
            <Button onClick={onCancel}>Cancel</Button>
            <Button form="new-template" variant="primary" loading={action.busy} disabled={!id}>
              {original ? 'Duplicate' : 'Create'}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form id="new-template" onSubmit={create}>
        <SpaceBetween size="m">
          {action.problem && <ProblemAlert problem={action.problem} />}
          <FormField label="Name" description="For people: its address is made of it.">
            <Input value={name} onChange={({ detail }) => setName(detail.value)} />
          </FormField>
        </SpaceBetween>
      </form>
    </Modal>
  )
}

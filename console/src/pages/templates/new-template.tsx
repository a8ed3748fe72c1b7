import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useState } from 'react'
import type { TemplateFacts } from '../../api/schema'
import { post, put } from '../../api/use-action'
import { goTo, hrefOf } from '../../app/route'
import { FormDialog } from '../../parts/form-dialog'
import { slugOf } from '../../parts/slug'
import { starter } from './starter'

interface Props {
  /** The template to copy. Null begins with a few blocks. */
  original: TemplateFacts | null
  onCancel: () => void
}

export function NewTemplate({ original, onCancel }: Props) {
  const [name, setName] = useState(original ? `${original.name} 2` : '')
  const id = slugOf(name, 'template')
  const create = async () => {
    if (original) await post('/v1/templates/{template_id}/duplicate', { template_id: original.id }, { id, name })
    else await put('/v1/templates/{template_id}', { template_id: id }, { version: 0, name, template: starter(name) })
    goTo(hrefOf(['templates', id]))
  }
  return (
    <FormDialog
      title={original ? `Duplicate ${original.name}` : 'New template'}
      submit={original ? 'Duplicate' : 'Create'}
      isReady={id !== ''}
      onSubmit={create}
      onCancel={onCancel}
    >
      <FormField label="Name" description="For people: its address is made of it.">
        <Input value={name} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
    </FormDialog>
  )
}

import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Textarea from '@cloudscape-design/components/textarea'
import { useState } from 'react'
import type { ErasureCase } from '../../api/schema'
import { counted } from '../../format/figures'
import { FormDialog } from '../../parts/form-dialog'
import { ConfirmErasure } from './confirm-erasure'

interface Props {
  onAsked: (asked: ErasureCase) => void
  onCancel: () => void
}

const CASE = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/

/** Who is to be erased. It is asked once more before anything happens. */
export function EraseDialog({ onAsked, onCancel }: Props) {
  const [text, setText] = useState('')
  const [number, setNumber] = useState('')
  const [confirming, setConfirming] = useState(false)
  const customers = linesOf(text)
  const isCase = number === '' || CASE.test(number)
  if (confirming) {
    return <ConfirmErasure customers={customers} number={number} onAsked={onAsked} onBack={() => setConfirming(false)} />
  }
  return (
    <FormDialog
      title="Erase somebody"
      submit="Continue"
      isReady={customers.length > 0 && isCase}
      onSubmit={async () => setConfirming(true)}
      onCancel={onCancel}
    >
      <FormField
        label="Ids or addresses"
        description="As the shop has them, one on each line. An address that several customers have is refused: use their ids."
        constraintText={customers.length > 0 && `${counted(customers.length, 'line')}.`}
      >
        <Textarea rows={4} spellcheck={false} value={text} onChange={({ detail }) => setText(detail.value)} />
      </FormField>
      <FormField
        label="Your case number"
        description="Empty for a new one. It is in logs and in the receipt, so it must not name anybody."
        errorText={isCase ? '' : 'Use lower-case letters, digits and hyphens, up to 64.'}
      >
        <Input value={number} spellcheck={false} onChange={({ detail }) => setNumber(detail.value.trim())} />
      </FormField>
    </FormDialog>
  )
}

const linesOf = (text: string): string[] => [...new Set(text.split('\n').map((line) => line.trim()))].filter(Boolean)

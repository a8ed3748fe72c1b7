import Alert from '@cloudscape-design/components/alert'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useState } from 'react'
import { post } from '../api/use-action'
import { asSentence } from '../format/words'
import { FormDialog } from './form-dialog'

interface Props {
  template: string
  /** The published version that is sent. */
  version: number
  onClose: () => void
}

/** Sends one published version to an address of the reader's choice. It counts for no campaign. */
export function TestSend({ template, version, onClose }: Props) {
  const [to, setTo] = useState('')
  const [customer, setCustomer] = useState('')
  const [result, setResult] = useState<{ to: string; problem: string }>()
  const send = async () => {
    const as = customer.trim() ? { customer_key: customer.trim() } : {}
    const { problem } = await post('/v1/templates/{template_id}/test-sends', { template_id: template }, { version, to: to.trim(), ...as })
    setResult({ to: to.trim(), problem })
  }
  return (
    <FormDialog title={`Test ${template}, version ${version}`} submit="Send a test" isReady={to.includes('@')} onSubmit={send} onCancel={onClose}>
      <FormField label="To" description="Your own address. The message is marked as a test.">
        <Input type="email" inputMode="email" value={to} onChange={({ detail }) => setTo(detail.value)} />
      </FormField>
      <FormField label="As customer" description="The key of a customer, from the page Customers. Empty shows sample values.">
        <Input value={customer} onChange={({ detail }) => setCustomer(detail.value)} />
      </FormField>
      {result && !result.problem && <Alert type="success">A test is on its way to {result.to}.</Alert>}
      {result?.problem && (
        <Alert type="error" header="The test was not sent">
          {asSentence(result.problem)}
        </Alert>
      )}
    </FormDialog>
  )
}

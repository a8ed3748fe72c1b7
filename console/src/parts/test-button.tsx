import Button from '@cloudscape-design/components/button'
import { useState } from 'react'
import { TestSend } from './test-send'

interface Props {
  template: string
  version: number
  children: string
}

/** Opens the dialog that sends a test of a published version. */
export function TestButton({ template, version, children }: Props) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button onClick={() => setOpen(true)}>{children}</Button>
      {isOpen && <TestSend template={template} version={version} onClose={() => setOpen(false)} />}
    </>
  )
}

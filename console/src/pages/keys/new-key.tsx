import Alert from '@cloudscape-design/components/alert'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'

/** A new key's text. It is shown this once, because only its hash is kept. */
export function NewKey({ created, onClose }: { created: { label: string; text: string }; onClose: () => void }) {
  return (
    <Alert type="success" dismissible dismissAriaLabel="Close" header={`The key for ${created.label}`} onDismiss={onClose}>
      Copy it now. It cannot be shown again.
      <CopyToClipboard
        variant="inline"
        textToCopy={created.text}
        copyButtonAriaLabel="Copy the key"
        copySuccessText="Copied"
        copyErrorText="Copying failed: select the text instead."
      />
    </Alert>
  )
}

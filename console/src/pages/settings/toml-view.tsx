import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import ExpandableSection from '@cloudscape-design/components/expandable-section'

/** The saved settings as their file. */
export function TomlView({ toml, saved }: { toml: string; saved: string }) {
  return (
    <Container>
      <ExpandableSection headerText="The same as settings.toml" headingTagOverride="h2" headerDescription={saved}>
        {toml.trim() ? (
          <>
            <CopyToClipboard
              copyButtonText="Copy"
              textToCopy={toml}
              copySuccessText="Copied"
              copyErrorText="Copying failed: select the text instead."
            />
            <pre className="code scroll" tabIndex={0} aria-label="settings.toml">{toml}</pre>
          </>
        ) : (
          <Box color="text-body-secondary">Every setting has its default.</Box>
        )}
      </ExpandableSection>
    </Container>
  )
}

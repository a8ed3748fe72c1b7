import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useGet } from '../../api/use-get'
import { Loaded } from '../../states/loaded'
import { Known } from './known'
import { ImportConsents } from './import-consents'

/** What is known of consents, and the import of more. */
export default function ConsentPage() {
  const counts = useGet('/v1/consent', {})
  return (
    <ContentLayout
      header={
        <Header variant="h1" description="Only people who may be mailed are mailed. A consent is never invented, and an opt-out beats any import.">
          Consent
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Loaded query={counts} what="the consents">
          {(known) => <Known known={known} />}
        </Loaded>
        <ImportConsents onImported={counts.reload} />
      </SpaceBetween>
    </ContentLayout>
  )
}

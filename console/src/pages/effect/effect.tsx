import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import { GlobalHoldout } from './global-holdout'
import { Outlook } from './outlook'

/** What campaigns could show before they are sent, and what all of a year changed together. */
export default function EffectPage() {
  return (
    <ContentLayout
      header={
        <Header variant="h1" description="What a campaign could show before it is sent, and what all campaigns of a year changed together.">
          Plan and measure
        </Header>
      }
    >
      <div className="stack">
        <Outlook />
        <GlobalHoldout />
      </div>
    </ContentLayout>
  )
}

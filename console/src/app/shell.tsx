import AppLayoutToolbar from '@cloudscape-design/components/app-layout-toolbar'
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation'
import TopNavigation, { type TopNavigationProps } from '@cloudscape-design/components/top-navigation'
import { Suspense, useEffect } from 'react'
import type { Me } from '../api/schema'
import { useGet } from '../api/use-get'
import { session } from '../session/session'
import { Empty } from '../states/empty'
import { FailureBoundary } from '../states/failure-boundary'
import { Loading } from '../states/loading'
import { useAppearance } from './appearance'
import { pagesHere, type Page, type Scope } from './pages'
import { goTo, hrefOf, useRoute } from './route'
import { Trail } from './trail'

const OPERATING: Scope = 'tenants:write'

/** The frame around every page: the bar at the top, the navigation, the content. */
export function Shell() {
  const { page: id } = useRoute()
  const page = pagesHere().find((one) => one.id === id)
  const me = useGet('/v1/me', {})
  const scopes = me.state === 'ready' ? me.data.scopes : []
  const isOperator = me.state === 'ready' && me.data.role === 'operator'
  useEffect(() => {
    // Operators have no shop, so the first page of all others is none of theirs.
    if (isOperator && page?.scope !== OPERATING) goTo(hrefOf(['tenants']))
  }, [isOperator, page])
  useEffect(() => {
    document.title = page ? `${page.title} · Tessera` : 'Tessera'
  }, [page])
  return (
    <>
      <div id="top">
        <Bar me={me.state === 'ready' ? me.data : undefined} />
      </div>
      <AppLayoutToolbar
        headerSelector="#top"
        toolsHide
        navigationWidth={240}
        ariaLabels={{ navigation: 'Pages', navigationToggle: 'Open pages', navigationClose: 'Close pages' }}
        breadcrumbs={<Trail />}
        navigation={<SideNavigation activeHref={hrefOf([id])} items={navigation(scopes)} />}
        content={
          <FailureBoundary at={id}>
            <Suspense fallback={<Loading what="the page" />}>{page ? <page.Component /> : <NoPage />}</Suspense>
          </FailureBoundary>
        }
      />
    </>
  )
}

function Bar({ me }: { me: Me | undefined }) {
  const { appearance, toggle } = useAppearance()
  const { user, signOut } = session()
  const account: TopNavigationProps.Utility = {
    type: 'menu-dropdown',
    iconName: 'user-profile',
    text: user,
    description: me ? [me.tenant, me.role].filter(Boolean).join(', ') : '',
    items: signOut ? [{ id: 'sign-out', text: 'Sign out' }] : [],
    onItemClick: () => void signOut?.(),
  }
  const look: TopNavigationProps.Utility = {
    type: 'button',
    text: appearance === 'dark' ? 'Light' : 'Dark',
    ariaLabel: appearance === 'dark' ? 'Switch to light colours' : 'Switch to dark colours',
    onClick: toggle,
  }
  return (
    <TopNavigation
      identity={{ href: hrefOf(['overview']), logo: { src: './logo.svg', alt: 'Tessera' } }}
      utilities={signOut ? [look, account] : [look]}
    />
  )
}

/** The pages that exist here and that the role may read. */
function navigation(scopes: readonly Scope[]): SideNavigationProps.Item[] {
  const groups = Map.groupBy(pagesHere().filter((page) => scopes.includes(page.scope)), (page) => page.group)
  return [...groups].map(([text, pages]) => ({ type: 'section-group', title: text, items: pages.map(linkOf) }))
}

function linkOf(page: Page): SideNavigationProps.Link {
  return { type: 'link', text: page.title, href: hrefOf([page.id]) }
}

function NoPage() {
  return <Empty title="There is no such page">Choose one on the left.</Empty>
}

import { lazy, type ComponentType } from 'react'
import type { Me } from '../api/schema'
import { session } from '../session/session'

export type Scope = Me['scopes'][number]
export type Group = 'Customers' | 'Campaigns' | 'Analysis' | 'Data' | 'Administration'

type Module = Promise<{ default: ComponentType }>

export interface Page {
  id: string
  title: string
  group: Group
  /** What a role needs to read it. */
  scope: Scope
  /** Whether it exists where the console is served from. */
  isHere: () => boolean
  /** Loads the page's code. It is loaded once. */
  load: () => Module
  Component: ComponentType
}

const page = (id: string, title: string, group: Group, load: () => Module, scope: Scope = 'insights:read'): Page => ({
  id,
  title,
  group,
  scope,
  isHere: () => true,
  load,
  Component: lazy(load),
})

const ofCampaigns = (one: Page): Page => ({ ...one, isHere: () => session().hasCampaigns })

/** Every page, in the order of the navigation. Each is loaded when it is first opened. */
export const PAGES: readonly Page[] = [
  page('overview', 'Overview', 'Customers', () => import('../pages/overview/overview')),
  page('segments', 'Segments', 'Customers', () => import('../pages/segments/segments')),
  page('builder', 'Segment builder', 'Customers', () => import('../pages/builder/builder'), 'segments:write'),
  page('customers', 'Customers', 'Customers', () => import('../pages/customers/customers'), 'customers:read'),
  ofCampaigns(page('campaigns', 'Campaigns', 'Campaigns', () => import('../pages/campaigns/campaigns'))),
  ofCampaigns(page('effect', 'Plan and measure', 'Campaigns', () => import('../pages/effect/effect'))),
  page('templates', 'Templates', 'Campaigns', () => import('../pages/templates/templates'), 'campaigns:write'),
  ofCampaigns(page('consent', 'Consent', 'Campaigns', () => import('../pages/consent/consent'), 'campaigns:write')),
  ofCampaigns(page('receivers', 'Lists of receivers', 'Campaigns', () => import('../pages/receivers/receivers'), 'campaigns:write')),
  { ...page('inbox', 'Local inbox', 'Campaigns', () => import('../pages/inbox/inbox')), isHere: () => session().isLocal && session().hasCampaigns },
  page('grid', 'Recency and frequency', 'Analysis', () => import('../pages/grid/grid')),
  page('movement', 'Movement', 'Analysis', () => import('../pages/movement/movement')),
  page('cohorts', 'Cohorts', 'Analysis', () => import('../pages/cohorts/cohorts')),
  page('value-risk', 'Value and risk', 'Analysis', () => import('../pages/value-risk/value-risk')),
  page('products', 'Products', 'Analysis', () => import('../pages/products/products')),
  page('trust', 'Trust in forecasts', 'Analysis', () => import('../pages/trust/trust')),
  page('runs', 'Runs', 'Data', () => import('../pages/runs/runs')),
  page('sources', 'Sources', 'Data', () => import('../pages/sources/sources')),
  page('settings', 'Settings', 'Administration', () => import('../pages/settings/settings'), 'settings:write'),
  page('erasures', 'Erasures', 'Administration', () => import('../pages/erasures/erasures'), 'erasures:write'),
  page('keys', 'API keys', 'Administration', () => import('../pages/keys/keys'), 'keys:write'),
  page('tenants', 'Tenants', 'Administration', () => import('../pages/tenants/tenants'), 'tenants:write'),
]

/** The pages that exist where the console is served from. */
export const pagesHere = (): readonly Page[] => PAGES.filter((one) => one.isHere())

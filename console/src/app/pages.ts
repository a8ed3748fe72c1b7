import { lazy, type ComponentType } from 'react'
import type { Me } from '../api/schema'

export type Scope = Me['scopes'][number]
export type Group = 'Customers' | 'Campaigns' | 'Analysis' | 'Data' | 'Administration'

type Module = Promise<{ default: ComponentType }>

export interface Page {
  id: string
  title: string
  group: Group
  /** What a role needs to read it. */
  scope: Scope
  /** Loads the page's code. It is loaded once. */
  load: () => Module
  Component: ComponentType
}

const page = (id: string, title: string, group: Group, load: () => Module, scope: Scope = 'insights:read'): Page => ({
  id,
  title,
  group,
  scope,
  load,
  Component: lazy(load),
})

/** Every page, in the order of the navigation. Each is loaded when it is first opened. */
export const PAGES: readonly Page[] = [
  page('overview', 'Overview', 'Customers', () => import('../pages/overview/overview')),
  page('segments', 'Segments', 'Customers', () => import('../pages/segments/segments')),
  page('builder', 'Segment builder', 'Customers', () => import('../pages/builder/builder'), 'segments:write'),
  page('customers', 'Customers', 'Customers', () => import('../pages/customers/customers'), 'customers:read'),
  page('templates', 'Templates', 'Campaigns', () => import('../pages/templates/templates'), 'campaigns:write'),
  page('grid', 'Recency and frequency', 'Analysis', () => import('../pages/grid/grid')),
  page('movement', 'Movement', 'Analysis', () => import('../pages/movement/movement')),
  page('cohorts', 'Cohorts', 'Analysis', () => import('../pages/cohorts/cohorts')),
  page('value-risk', 'Value and risk', 'Analysis', () => import('../pages/value-risk/value-risk')),
  page('products', 'Products', 'Analysis', () => import('../pages/products/products')),
  page('trust', 'Trust in forecasts', 'Analysis', () => import('../pages/trust/trust')),
  page('runs', 'Runs', 'Data', () => import('../pages/runs/runs')),
  page('settings', 'Settings', 'Administration', () => import('../pages/settings/settings'), 'settings:write'),
  page('keys', 'API keys', 'Administration', () => import('../pages/keys/keys'), 'keys:write'),
]

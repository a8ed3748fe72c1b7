// Every page of the console: those of the navigation, and one of each kind that they lead to.

import { visit } from './browser.mjs'

const LINKS = {
  builder: 'a[href="#/builder/new"]',
  segments: 'a[href^="#/segments/rfm/"]',
  campaigns: 'a[href="#/campaigns/new"]',
  customers: 'a[href^="#/customers/"]',
  runs: 'a[href^="#/runs/"]',
}

// A set of each kind, so that every form of the builder is seen.
const FORMS = ['builder/churn_band', 'builder/value_at_risk', 'builder/cluster']

/** Paths after `#/`, as the navigation and the pages link to them. */
export async function everyPath(page) {
  await visit(page, 'overview')
  const paths = await pathsOf(page, 'nav a[href^="#/"]')
  for (const [from, links] of Object.entries(LINKS)) {
    await visit(page, from)
    const [first] = await pathsOf(page, `main ${links}`)
    if (!first) throw new Error(`The page ${from} links to none of its things.`)
    paths.push(first)
  }
  return [...new Set([...paths, ...FORMS])]
}

const pathsOf = (page, selector) =>
  page.locator(selector).evaluateAll((links) => links.map((link) => link.getAttribute('href').slice(2)))

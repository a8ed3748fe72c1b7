// A small shop's campaigns in place of the API: what the pages ask for, and what they send.
import { inStage } from '../browser.mjs'
import { ENGAGEMENT, offerOf, TARGETS } from './reacting.mjs'

const AUDIENCE = {
  customers: 4338,
  selected: 1200,
  eligible: 900,
  held_out: 100,
  omitted: [
    { reason: 'no_address', meaning: 'no address that can be read', people: 20 },
    { reason: 'no_consent', meaning: 'no consent, or it has expired', people: 150 },
    { reason: 'unsubscribed', meaning: 'opted out', people: 30 },
    { reason: 'frequency_cap', meaning: 'got as many messages as the cap allows', people: 0 },
  ],
  variants: { a: 450, b: 450 },
  note: 'No consent is known of 150 of 1,200 people, and nothing is sent to them.',
}

export const DEFINITION = {
  id: 'win-back',
  name: 'Win back',
  purpose: 'marketing',
  audience: { segments: ['At Risk'], churn_bands: [], value_tiers: [], conditions: null, receivers: null },
  variants: [
    { name: 'a', share: 0.5, template: { id: 'spring', version: 1 }, segments: [] },
    { name: 'b', share: 0.5, template: { id: 'spring', version: 2 }, segments: [] },
  ],
  schedule: {
    kind: 'once', first_day: '2026-12-01', last_day: null, hours: { from: '09:00', until: '20:00' }, zone: 'customer',
    send_at: 'hours', include_present: false, start_within_hours: 24, finish_within_hours: 72,
  },
  channel: { kind: 'email', to: '' },
  trigger: null,
  holdout: { share: 0.1, salt: '' },
  cap: null,
  quiet_hours: null,
  again_after_days: 0,
  result_days: 30,
}

export const campaignOf = (definition, changes = {}) => ({
  id: definition.id, name: definition.name, state: 'draft', version: 1, changed_by: 'user:local',
  changed_at: '2026-11-29T10:00:00Z', last_run: null, last_run_state: null, definition, problems: [], ...changes,
})

const tallyOf = (changes = {}) => ({
  planned: 900, waiting: 0, deferred: 0, claimed: 0, sent: 900, refused: 0, skipped: 0, doubts: 0,
  moved_at: '2026-12-01T10:00:00Z', last_deferral: '', ...changes,
})

export const runOf = (changes = {}, tally = {}) => ({
  run_id: 'win-back-r001', campaign: 'win-back', state: 'AWAITING_APPROVAL', reason: '', day: '2026-12-01',
  asked_by: 'user:local', asked_at: '2026-11-29T10:00:00Z', is_approved: false, changed_at: '2026-11-29T10:00:10Z',
  recipients: 900, starts_at: '2026-12-01T09:00:00Z', latest_start: '2026-12-02T09:00:00Z', deadline: '2026-12-04T09:00:00Z',
  definition: DEFINITION, audience: AUDIENCE, planned_at: '2026-11-29T10:00:10Z', zone_unknown: 12, notes: [],
  tally: tallyOf(tally), problem: '', stuck: '', cost: null, ...changes,
})

const TEMPLATES = {
  items: [
    { id: 'spring', name: 'Spring sale', version: 3, saved_by: 'user:local', saved_at: '2026-11-28T10:00:00Z', published: { number: 2, published_by: 'user:local', published_at: '2026-11-28T10:00:00Z' } },
    { id: 'draft', name: 'Not published', version: 1, saved_by: 'user:local', saved_at: '2026-11-28T10:00:00Z', published: null },
  ],
}

const READY = {
  items: [
    {
      name: 'left_champions',
      definition: {
        ...DEFINITION,
        id: 'champions-at-risk',
        name: 'Champions who turn at risk',
        variants: [{ name: 'win-back', share: 1, template: null, segments: [] }],
        schedule: { ...DEFINITION.schedule, kind: 'daily', first_day: '2020-01-01' },
        trigger: { set: 'segment', into: ['At Risk'], out_of: ['Champions'] },
        again_after_days: 90,
      },
    },
  ],
}

const eventsOf = (changes = {}) => ({
  accepted: 900, delivered: 880, delayed: 0, rejected: 0, failed: 0, bounced: 20, bounced_for_good: 18, complained: 0, opened: 0,
  clicked_raw: 130, clicked: 90, ...changes,
})

const groupOf = (group, changes, unsubscribed = 4) => ({ group, recipients: 900, events: eventsOf(changes), unsubscribed })

export const FIGURES = {
  run_id: 'win-back-r001', campaign: 'win-back', measured_at: '2026-12-02T10:00:00Z', simulated: false,
  total: groupOf(''),
  by_band: [groupOf('High', { accepted: 300, clicked: 40 }), groupOf('', { accepted: 600, clicked: 50 })],
  by_variant: [groupOf('a', { clicked: 60 }), groupOf('b', { clicked: 30 })],
  by_hour: [
    { hour: '2026-12-01T09:00:00Z', events: eventsOf({ delivered: 500, clicked: 10 }) },
    { hour: '2026-12-01T10:00:00Z', events: eventsOf({ delivered: 380, clicked: 80 }) },
  ],
  notes: ['Opens are unreliable: mail clients load pictures unasked or not at all.'],
}

const sliceOf = (by, group, verdict, changes = {}) => ({
  by, group, revenue: null,
  revenue_note: 'Revenue is compared from 100 held-out buyers on, and there are 3: with fewer the interval would miss too often.',
  conversion: {
    treated: 900, held_out: 100, treated_buyers: 45, held_out_buyers: 3, difference: 0.02, low: -0.012, high: 0.041, p_value: 0.3,
    adjusted_p_value: 0.3, verdict, lift: { value: 0.67, low: -0.4, high: 3.5 }, ...changes,
  },
  orders: null, words: '',
})

const promisedOf = (figure, verdict, lift, changes = {}) => ({
  figure, verdict, lift, treated: 450, held_out: 50, treated_count: 90, held_out_count: 8, difference: { value: 0.04, low: -0.03, high: 0.11 },
  p_value: 0.2, adjusted_p_value: 0.4, ...changes,
})

export const RESULTS = {
  campaign: 'win-back', as_of: '2026-12-31', simulated: false,
  sizes: { people: 1000, held_out: 100, expected_share: 0.1, p_value: 0.9, is_mismatch: false },
  waiting: 40,
  slices: [
    {
      ...sliceOf('all', '', 'inconclusive'),
      words: 'Inconclusive: +2.00 points (-1.20 to +4.10) of buyers, which chance alone can give.',
      orders: {
        treated_mean: 0.06, held_out_mean: 0.04, difference: { value: 0.02, low: -0.01, high: 0.05 },
        incremental: { value: 18, low: -9, high: 45 }, variance_removed: 0.21,
      },
    },
    sliceOf('churn_band', 'High', 'more', { low: 0.002 }),
    sliceOf('churn_band', 'Low', 'inconclusive', { held_out: 0, held_out_buyers: 0, difference: null, low: null, high: null }),
    sliceOf('value_tier', 'Low', 'inconclusive'),
    sliceOf('variant', 'a', 'inconclusive'),
    sliceOf('variant', 'b', 'withheld'),
  ],
  notes: ['40 people do not count yet, because their days of result are not over.'],
  inference: 'always_valid',
  promised: [
    promisedOf('reactivation', 'inconclusive', { value: 0.25, low: -0.3, high: 1.2 }),
    promisedOf('upsell', 'inconclusive', null, { difference: null }),
    promisedOf('churn', 'less', { value: -0.5, low: -0.7, high: -0.2 }),
  ],
  variants: [
    {
      variant: 'b', against: 'a', people: 450, against_people: 450, buyers: 30, against_buyers: 15, difference: { value: 0.0333, low: 0.004, high: 0.062 },
      lift: { value: 1, low: 0.1, high: 2.7 }, p_value: 0.02, adjusted_p_value: 0.02, verdict: 'more', revenue: null, margin: null, limit: null, limited: 0,
      orders: {
        mean: 0.08, against_mean: 0.04, difference: { value: 0.04, low: -0.01, high: 0.09 }, p_value: 0.1, adjusted_p_value: 0.1, verdict: 'inconclusive', variance_removed: 0.1,
      },
      revenue_note: 'Revenue is compared from 100 buyers of each variant on, and there are 30 and 15.', words: 'More buyers with b than with a: +3.33 points (+0.40 to +6.20).',
    },
  ],
  next_step: { step: 'wait', groups: [], words: 'Wait. The days of result of 40 people are not over.' },
}

const EXACT = (path) => new RegExp(`${path.replaceAll('/', '\\/')}(\\?.*)?$`)

/** Answers every route of campaigns. `state` is what the API knows, and `sent` collects what it was sent. */
export async function stubCampaigns(page, state) {
  const sent = []
  await inStage(page, { campaigns: true })
  const answer = async (path, answers) => {
    await page.route(EXACT(path), async (route) => {
      const method = route.request().method()
      const made = answers[method]
      if (!made) return route.fallback()
      const body = route.request().postDataJSON()
      if (method !== 'GET') sent.push({ call: `${method} ${new URL(route.request().url()).pathname}`, body })
      const value = typeof made === 'function' ? await made(body, route) : made
      return value?.status ? route.fulfill(value) : route.fulfill({ json: value })
    })
  }
  const all = () => Object.values(state.campaigns)
  const run = () => state.run
  const moved = (to, more = {}) => () => Object.assign(state.run, { state: to, ...more })
  await answer('/v1/campaigns', { GET: () => ({ items: all() }) })
  await answer('/v1/ready-campaigns', { GET: READY })
  await answer('/v1/templates', { GET: TEMPLATES })
  await answer('/v1/postmaster', {
    GET: () => state.spam ?? { share: null, day: null, counts_until: null },
    PUT: (body) => (state.spam = { ...body, counts_until: '2099-01-01' }),
  })
  await answer('/v1/receivers', { GET: () => ({ items: state.lists ?? [] }) })
  await answer('/v1/audiences/count', { POST: (body) => state.count?.(body) ?? { audience: AUDIENCE, problems: [], refused_lines: 0, refusals: [] } })
  await answer('/v1/campaigns/[^/]+', {
    GET: (_, route) => state.campaigns[last(route)] ?? missing(),
    PUT: ({ definition }) => (state.campaigns[definition.id] = campaignOf(definition)),
  })
  await answer('/v1/campaigns/[^/]+/runs', { GET: () => ({ items: state.run ? [state.run] : [] }), POST: () => (state.run = runOf()) })
  await answer('/v1/campaigns/[^/]+/activate', { POST: () => Object.assign(all()[0], { state: 'active' }) })
  await answer('/v1/campaigns/[^/]+/end', { POST: () => Object.assign(all()[0], { state: 'ended' }) })
  await answer('/v1/campaigns/[^/]+/duplicate', { POST: ({ id, name }) => (state.campaigns[id] = campaignOf({ ...DEFINITION, id, name })) })
  await answer('/v1/campaigns/[^/]+/results', { GET: () => state.results ?? missing() })
  await answer('/v1/campaigns/[^/]+/targets', { GET: () => state.targets ?? TARGETS })
  await answer('/v1/campaigns/[^/]+/engagement', { GET: () => state.engagement ?? ENGAGEMENT })
  await answer('/v1/campaigns/[^/]+/offer', { POST: (body) => state.offer?.(body) ?? offerOf(body) })
  await answer('/v1/effect-outlook', { GET: (_, route) => outlookOf(new URL(route.request().url()).searchParams) })
  await answer('/v1/campaign-runs/[^/]+', { GET: () => run() ?? missing() })
  await answer('/v1/campaign-runs/[^/]+/approve', { POST: moved('SENDING') })
  await answer('/v1/campaign-runs/[^/]+/pause', { POST: ({ why }) => moved('PAUSED', { reason: why })() })
  await answer('/v1/campaign-runs/[^/]+/resume', { POST: moved('SENDING', { reason: '' }) })
  await answer('/v1/campaign-runs/[^/]+/cancel', { POST: ({ why }) => moved('CANCELLED', { reason: why })() })
  await answer('/v1/campaign-runs/[^/]+/doubts', { GET: () => ({ doubts: state.doubts?.length ?? 0, items: state.doubts ?? [] }) })
  await answer('/v1/campaign-runs/[^/]+/doubts/release', { POST: moved('SENDING') })
  await answer('/v1/campaign-runs/[^/]+/figures', { GET: () => state.figures ?? missing() })
  return sent
}

/** Everybody's chance is 5 %, and each holdout shows what it shows. */
function outlookOf(asked) {
  const [people, share] = [Number(asked.get('people')), Number(asked.get('holdout') ?? 0.1)]
  const lift = 2.8 * Math.sqrt((0.05 * 0.95) / (share * (1 - share) * people)) / 0.05
  return {
    inference: asked.get('weekly') === 'true' ? 'always_valid' : 'fixed_horizon', power: 0.8, conversion: 0.05, conversion_from: 'measured', lift: 0.1,
    smallest_share: null, rows: [{ share, detectable_lift: lift, cells: [] }],
  }
}

const last = (route) => new URL(route.request().url()).pathname.split('/').at(-1)

const missing = () => ({
  status: 404,
  contentType: 'application/problem+json',
  body: JSON.stringify({ type: 'about:blank', title: 'Not there', status: 404, detail: 'There is none.', errors: [] }),
})

/** The settings by what they are about. Those that are not here are shown under "Other". */
export const GROUPS: readonly { title: string; names: readonly string[] }[] = [
  { title: 'Money and dates', names: ['currency', 'currency_rates', 'time_zone', 'window_months', 'decimal', 'dates', 'include_tax', 'include_shipping'] },
  { title: 'Reading files', names: ['mapping', 'columns', 'events', 'sheet', 'phone_region', 'doubtful_ids', 'max_bad_share'] },
  { title: 'Segments', names: ['preset', 'definition', 'segment_sets', 'sets', 'thresholds', 'freeze_thresholds', 'clusters', 'cluster_seed'] },
  { title: 'Approval', names: ['breaker_limit', 'as_of_limit_days'] },
  { title: 'Forecasts', names: ['clv_horizon_days', 'clv_discount_rate', 'margin', 'retrain_days', 'drift_limit', 'churn_label', 'churn_ignore', 'subscription_period_days'] },
  { title: 'Destinations', names: ['destinations', 'omitted_sets', 'exits', 'exit_limit', 'retired_segments', 'dry_run', 'requests_per_minute'] },
  { title: 'Campaigns', names: ['campaigns'] },
]

export interface SettingGroup {
  title: string
  names: readonly string[]
}

/** The groups that hold a setting, then all other settings. */
export function groupsOf(names: readonly string[]): readonly SettingGroup[] {
  const grouped = new Set(GROUPS.flatMap((group) => group.names))
  const known = GROUPS.map((group) => ({ ...group, names: group.names.filter((name) => names.includes(name)) }))
  const others = names.filter((name) => !grouped.has(name))
  return [...known, { title: 'Other', names: others }].filter((group) => group.names.length > 0)
}

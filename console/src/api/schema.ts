// Written by `python -m tools.console_sources`: change the API, then run it again.

/** One prediction against what happened, over all customers. */
export interface Accuracy {
  actual: number
  deviance?: number | null
  mae: number
  predicted: number
  rmse: number
  total_error: number | null
}

/** Something that changed and is worth a look. */
export interface Alert {
  about: string
  kind: "run_waited" | "destination_failed" | "destination_held" | "segment_lost" | "segment_won"
  text: string
}

/** An API key without its secret. */
export interface ApiKeyFacts {
  created_at: string
  created_by: string
  expires_at: string
  key_id: string
  label: string
  role: "viewer" | "marketer" | "admin" | "operator"
}

/** What a definition's audience comes to now. */
export interface AudienceCount {
  audience: AudienceSummary | null
  problems: string[]
  refusals: string[]
  refused_lines: number
}

/** A definition whose audience is to be counted. */
export interface AudienceQuestion {
  definition: Record<string, unknown>
}

/** What becomes of everybody, before anything is sent. */
export interface AudienceSummary {
  customers: number
  eligible: number
  held_out: number
  note: string
  omitted: OmittedPeople[]
  selected: number
  variants: Record<string, number>
}

/** When people read, and whether each one's own hours may be used. */
export interface BestHours {
  decision: "publish" | "withhold"
  people: number
  reason: string
  shop: number[]
  shop_hour: number
  strength?: number | null
}

/** What is believed of a person without messages. */
export interface BetaPrior {
  mean: number
  strength: number
}

/** How much of what was learnt counts for a group of customers. 0 and 0: nothing. */
export interface Blend {
  share: number
  weight: number
}

/** A product that a customer bought. */
export interface BoughtProduct {
  category?: string | null
  first_days_ago: number
  last_days_ago: number
  lines: number
  name: string | null
  product: string
}

/** A product that buyers of another one buy too. */
export interface BoughtTogether {
  category?: string | null
  customers: number
  name?: string | null
  product: string
  share: number
  times: number
}

/** A new brand kit, whole. */
export interface BrandChange {
  brand: Record<string, unknown>
  version: number
}

/** The brand kit: one version as it is kept, and as it is shown. */
export interface BrandDocument {
  brand: Record<string, unknown>
  saved_at: string | null
  saved_by: string | null
  version: number
}

/** The circuit breaker's verdict. */
export interface Breaker {
  changed: number
  customers: number
  days?: number | null
  limit: number
  money?: MoneyChanges | null
  movements: Move[]
  reason: string
  sets?: SetChanges[]
  share: number
  waits: boolean
}

/** A wish to activate a campaign, which approves the runs that its schedule starts. */
export interface CampaignActivation {
  version: number
}

/** Customers who have one of the labels of each kind, and meet the conditions. */
export interface CampaignAudience {
  churn_bands?: string[]
  conditions?: Record<string, unknown> | null
  receivers?: string | null
  segments?: string[]
  value_tiers?: string[]
}

/** A campaign's new definition, whole. */
export interface CampaignChange {
  definition: CampaignDefinition
  version: number
}

/** How messages leave. */
export interface CampaignChannel {
  kind?: "email" | "webhook" | "audience"
  to?: string
}

/** A wish for a copy of a campaign, which holds out other people. */
export interface CampaignCopy {
  id: string
  name: string
}

/** What a campaign is, apart from any run of it. */
export interface CampaignDefinition {
  again_after_days?: number
  audience: CampaignAudience
  cap?: FrequencyCap | null
  channel?: CampaignChannel
  holdout?: HoldoutShare
  id: string
  name: string
  purpose?: "marketing" | "transactional"
  quiet_hours?: DayHours | null
  result_days?: number
  schedule: SendSchedule
  trigger?: EntryTrigger | null
  variants: Variant[]
}

/** How people react to a campaign's messages. */
export interface CampaignEngagement {
  campaign: string
  chances: ReactionChance[]
  hours: BestHours
  measured_at: string
  messages: number
  notes: string[]
  recent?: number
}

/** A campaign without its definition. */
export interface CampaignFacts {
  changed_at: string
  changed_by: string
  id: string
  last_run: string | null
  last_run_state: ("PLANNING" | "AWAITING_APPROVAL" | "SCHEDULED" | "SENDING" | "PAUSED" | "SETTLING" | "MEASURING" | "FINISHED" | "CANCELLED" | "FAILED") | null
  name: string
  state: "draft" | "active" | "ended"
  version: number
}

/** The campaigns of a tenant, by id. */
export interface CampaignList {
  items: CampaignFacts[]
}

/** What a campaign changed, as far as it is known. */
export interface CampaignResults {
  as_of: string
  campaign: string
  inference?: "fixed_horizon" | "always_valid"
  next_step?: ResultAdvice | null
  notes: string[]
  promised?: PromisedFigure[]
  simulated?: boolean
  sizes: GroupSizes
  slices: EffectSlice[]
  variants?: VariantComparison[]
  waiting: number
}

/** What a run changes of its definition. The rest, and the holdout, stay. */
export interface CampaignReuse {
  audience?: CampaignAudience | null
  schedule?: SendSchedule | null
}

/** A run of a campaign with its plan, and what became of its messages so far. */
export interface CampaignRunDetail {
  asked_at: string
  asked_by: string
  audience: AudienceSummary | null
  campaign: string
  changed_at: string
  cost: MessageCost | null
  day: string
  deadline: string | null
  definition: CampaignDefinition
  hours?: PlannedHours | null
  is_approved: boolean
  latest_start: string | null
  notes: string[]
  planned_at: string | null
  problem: string
  reason: string
  recipients: number | null
  run_id: string
  starts_at: string | null
  state: "PLANNING" | "AWAITING_APPROVAL" | "SCHEDULED" | "SENDING" | "PAUSED" | "SETTLING" | "MEASURING" | "FINISHED" | "CANCELLED" | "FAILED"
  stuck: string
  tally: DeliveryTally | null
  zone_unknown: number | null
}

/** A run of a campaign, and how far it is. */
export interface CampaignRunFacts {
  asked_at: string
  asked_by: string
  campaign: string
  changed_at: string
  day: string
  deadline: string | null
  is_approved: boolean
  latest_start: string | null
  reason: string
  recipients: number | null
  run_id: string
  starts_at: string | null
  state: "PLANNING" | "AWAITING_APPROVAL" | "SCHEDULED" | "SENDING" | "PAUSED" | "SETTLING" | "MEASURING" | "FINISHED" | "CANCELLED" | "FAILED"
}

/** The runs of a campaign, the newest first. */
export interface CampaignRunList {
  items: CampaignRunFacts[]
}

/** Who reacts to a campaign, as last learnt. */
export interface CampaignTargets {
  as_of: string
  average?: number | null
  average_high?: number | null
  average_low?: number | null
  campaign: string
  columns?: string[]
  curve?: TargetPoint[]
  decision: "publish" | "withhold"
  groups?: TargetGroup[]
  held_out: number
  inference?: "fixed_horizon" | "always_valid"
  is_mismatch?: boolean
  limit?: number | null
  omitted?: number
  people: number
  rankings?: RankingGain[]
  reason: string
  simulated?: boolean
}

/** The moves of one cause. */
export interface CauseMoves {
  cause: string
  customers: number
  entered: number
  left: number
  moved: number
  words: string
}

/** People with a like chance: what was predicted of their latest message, and what came. */
export interface ChanceGroup {
  observed: number
  people: number
  predicted: number
}

/** How many chances to cancel come from each model. */
export interface ChanceSources {
  attributes: number
  retention: number
}

/** A template's draft, and what the checker says about it. */
export interface CheckedTemplate {
  findings: TemplateFinding[]
  id: string
  name: string
  published: PublishedFacts | null
  saved_at: string | null
  saved_by: string | null
  template: Record<string, unknown>
  version: number
}

/** What held-out customers chose. */
export interface ChurnChoice {
  boosting_share: number
  features: number
  knots: number
  leaves: number
  rate: number
  rounds: number
}

/** What was learnt of cancellations, and what it says of this run's customers. */
export interface ChurnRecord {
  calibration_table?: RiskGroup[]
  cancelled?: number
  choice?: ChurnChoice | null
  clicks?: ClickGate | null
  customers?: number
  decision?: ("publish" | "withhold") | null
  features?: string[]
  horizon_days?: number | null
  kind?: string | null
  kinds?: Record<string, Quality>
  metrics?: Quality | null
  notes?: string[]
  reason: string
  reasons?: RiskReasons | null
  scored?: ChurnScored | null
  seed?: number | null
  sha256: string
  split?: ChurnSplit | null
  trained: boolean
}

/** The customers that the model of attributes was asked about. */
export interface ChurnScored {
  customers: number
  known_too_long_ago: number
  left: number
  mean: number | null
}

/** How customers were divided into those to learn from and those to test on. */
export interface ChurnSplit {
  kind: string
  note: string
}

/** A model with clicks beside the same model without them, on later outcomes. */
export interface ClickGate {
  customers?: number
  gain?: number | null
  gain_error?: number | null
  gain_from?: number | null
  gain_to?: number | null
  kept: boolean
  loss: string
  reason: string
  with_clicks?: number | null
  without?: number | null
}

/** A K-Means cluster in numbers. */
export interface ClusterRow {
  centre: number[]
  customers: number
  label: string
  mean_frequency: number | null
  mean_order_value: string | null
  mean_recency_days: number | null
  monetary: string
  monetary_share: number
  name: string
  rank: number
  share: number
  typical: Record<string, number>
}

/** What a month's new buyers did in one later month. */
export interface Cohort {
  cohort: number
  customers: number
  months_later: number
  spend: string
}

/** Who comes back how much later. */
export interface CohortList {
  as_of: string
  cohorts: Cohort[]
  currency: string
  retention: RetentionRecord | null
  run_id: string
}

/** What the rows of consent of a tenant come to. The shop's own uploads are not in it. */
export interface ConsentCounts {
  by_basis: Record<string, number>
  legal_basis: Record<string, string>
  marketing: Record<string, number>
  people: number
  tracking: Record<string, number>
}

/** What an import of consents came to. */
export interface ConsentReport {
  added: number
  erased?: number
  import_id: string
  imported_at: string
  refusals: RefusedConsent[]
  refused: number
  states: Record<string, number>
}

/** Buyers among treated and held-out people. */
export interface ConversionEffect {
  adjusted_p_value: number
  difference: number | null
  held_out: number
  held_out_buyers: number
  high: number | null
  lift?: EffectEstimate | null
  low: number | null
  p_value: number
  treated: number
  treated_buyers: number
  verdict: "more" | "less" | "inconclusive" | "withheld"
}

/** One part of a cost. */
export interface CostPart {
  part: string
  units: number
  usd: number
}

/** A definition to count, saved or not. */
export interface CountRequest {
  definition: Record<string, unknown>
}

/** A new API key. This is the only answer that has its text. */
export interface CreatedKey {
  created_at: string
  created_by: string
  expires_at: string
  key_id: string
  label: string
  role: "viewer" | "marketer" | "admin" | "operator"
  text: string
}

/** A new write-only key. This is the only answer that has its text. */
export interface CreatedWriteKey {
  created_at: string
  created_by: string
  expires_at: string
  key_id: string
  label: string
  text: string
}

/** One customer, and why the customer has these labels. */
export interface CustomerDetail {
  as_of: string
  explanation: Record<string, unknown>
  next_products?: RecommendedProduct[]
  products?: BoughtProduct[]
  profile: CustomerProfile | null
  run_id: string
}

/** The keys of the customers that a search matched, at most 20. */
export interface CustomerMatches {
  customer_keys: string[]
}

/** A message that a customer was sent. */
export interface CustomerMessage {
  campaign: string
  events: MessageHappening[]
  run_id: string
  sent_at: string
  variant: string
}

/** The messages that a customer was sent within 400 days, the newest first. */
export interface CustomerMessages {
  items: CustomerMessage[]
}

/** Customers in the order of their keys. */
export interface CustomerPage {
  as_of: string
  items: CustomerProfile[]
  next: string | null
  run_id: string
}

/** A customer's row of the profiles. */
export interface CustomerProfile {
  as_of: string
  cancel_band: string | null
  churn_band: string | null
  cluster: number | null
  clv: string | null
  clv_365d: string | null
  clv_365d_from: string | null
  clv_365d_to: string | null
  customer_key: string
  expected_orders_365d: number | null
  expected_orders_365d_from: number | null
  expected_orders_365d_to: number | null
  f_score: number | null
  first_purchase_at: string | null
  frequency: number
  gap_state: string | null
  historic_value: string | null
  labels: Record<string, string> | null
  last_purchase_at: string | null
  last_view_days: number | null
  loyalty_3: string | null
  loyalty_score: number | null
  m_score: number | null
  mean_order_value: string | null
  monetary: string
  next_order_at: string | null
  next_order_from: string | null
  next_order_to: string | null
  next_products: string | null
  no_order_tenth: number | null
  orders_tenth: number | null
  p_alive: number | null
  p_cancel_30d: number | null
  p_no_order_180d: number | null
  p_no_order_30d: number | null
  p_no_order_90d: number | null
  r_score: number | null
  recency_days: number | null
  rfm_score: string | null
  segment: string
  sessions: number | null
  sessions_30d: number | null
  tenure_days: number | null
  total_value: string | null
  value_at_risk: string | null
  value_tenth: number | null
  value_tier: string | null
  views: number
  views_30d: number | null
}

/** What came of customers by the size of their forecast, at an earlier cut. */
export interface CustomerRanges {
  edges: number[]
  high: number[]
  low: number[]
  most: number
}

/** A search for a customer by the shop's id, or by an address. */
export interface CustomerSearch {
  term: string
}

/** Hours of every day, by the clock. */
export interface DayHours {
  from: string
  until: string
}

/** How many recipients of a run are in each state. */
export interface DeliveryTally {
  claimed: number
  deferred: number
  doubts: number
  last_deferral: string
  moved_at: string | null
  planned: number
  refused: number
  sent: number
  skipped: number
  waiting: number
}

/** What each destination of a run was sent, and what it holds. */
export interface DestinationList {
  as_of: string
  items: LoadReport[]
  run_id: string
}

/** How well customers who did not order were distinguished from those who did. */
export interface Discrimination {
  actual_share: number
  auc: number | null
  auc_of_recency: number | null
  expected_share: number
}

/** The recipients of a run in doubt. */
export interface DoubtList {
  doubts: number
  items: DoubtfulRecipient[]
}

/** A decision to send a message to recipients in doubt, who may get it twice then. */
export interface DoubtRelease {
  recipients: string[]
}

/** A recipient in doubt: nothing proves whether the message was sent. */
export interface DoubtfulRecipient {
  recipient: string
  since: string
}

/** A wish for a copy of a template's draft. */
export interface DuplicateRequest {
  id: string
  name: string
}

/** A figure with its 95 % interval. */
export interface EffectEstimate {
  high: number
  low: number
  value: number
}

/** What a campaign could show. */
export interface EffectOutlook {
  conversion: number
  conversion_from: "given" | "measured" | "assumed"
  inference: "fixed_horizon" | "always_valid"
  lift: number
  power: number
  rows: OutlookRow[]
  smallest_share: number | null
}

/** The effect on some people. */
export interface EffectSlice {
  by: "all" | "churn_band" | "value_tier" | "variant"
  conversion: ConversionEffect
  group: string
  orders?: OrdersEffect | null
  revenue: RevenueEffect | null
  revenue_note: string
  words?: string
}

/** A column that the set reads, and that is empty for some customers. */
export interface EmptyCells {
  column: string
  customers: number
}

/** A customer's move from one label to another, such as from Champions to At Risk. */
export interface EntryTrigger {
  into: string[]
  out_of?: string[]
  set: "segment" | "churn_band" | "value_tier"
}

/** One case, without anybody's name. */
export interface ErasureCase {
  case: string
  customers: number
  open_until?: string | null
  requested_at: string
  requested_by: string
  state: "waiting" | "working" | "open" | "complete" | "refused"
  why: string
}

/** One case, with its receipt. */
export interface ErasureDetail {
  case: string
  customers: number
  open_until?: string | null
  receipt: SignedReceipt | null
  requested_at: string
  requested_by: string
  state: "waiting" | "working" | "open" | "complete" | "refused"
  why: string
}

/** The erasures of a tenant, by case number, the last one first. */
export interface ErasureList {
  items: ErasureCase[]
  next: string | null
}

/** A wish to erase people from everything that is stored, and at the destinations. */
export interface ErasureOrder {
  case?: string
  customers: string[]
}

/** How many requests a load needs, and how long they take. */
export interface Estimate {
  minutes: number | null
  requests: number
}

/** Recipients by what happened to their message. */
export interface EventFigures {
  accepted?: number
  bounced?: number
  bounced_for_good?: number
  clicked?: number
  clicked_raw?: number
  complained?: number
  delayed?: number
  delivered?: number
  failed?: number
  opened?: number
  rejected?: number
}

/** A run that failed, and what to do. */
export interface FailedRun {
  error: "InvalidInput" | "Retryable" | "Refused" | "NotApproved" | "Timeout" | "Unexpected"
  history?: string
  message: string
  run_id: string
  state: string
  tenant: string
  what_to_do: string
}

/** The size of a CSV file that is to be sent. */
export interface FileSize {
  bytes: number
}

/** Where to send a file. */
export interface FileTarget {
  expires_at: string
  name: string
  url: string
}

/** The purchase and spend models, and whether their forecasts may be used. */
export interface ForecastModels {
  card: ReportCard | null
  code_version?: string
  drift: Record<string, number> | null
  inputs: Record<string, InputDistribution>
  inputs_sha256?: string
  learnt?: LearntForecasts | null
  learnt_as_of: string
  loyalty?: LearntLoyalty | null
  model: PurchaseFit | null
  published: string | null
  reasons?: string[]
  reused: boolean
  spend: SpendFit | null
  terms: string
  tested?: PurchaseFit[]
}

/** One quantity that is forecast, and what is published of it. */
export interface ForecastQuantity {
  columns: string[]
  name: string
  title: string
  totals?: Record<string, TotalRange>
  verdict: Verdict
}

/** How far the forecasts can be trusted. */
export interface ForecastReport {
  as_of: string
  forecasts: ForecastQuantity[]
  models: ForecastModels | null
  run_id: string
  text: string
}

/** Boosted trees. Their value is the baseline and the sum of all leaves. */
export interface Forest {
  baseline: number
  trees: SmallTree[]
}

/** At most so many messages within so many days, whichever campaigns they are from. */
export interface FrequencyCap {
  days: number
  messages: number
}

/** What the offer brings where it goes to the best part of the audience. */
export interface FrontierPoint {
  cost: number
  customers: number
  high: number
  low: number
  margin: number
  net: number
  random_net: number
  share: number
}

/** The global holdout of a year. */
export interface GlobalHoldoutYear {
  quarters: QuarterResults[]
  share: number
  year: number
}

/** The customers of one recency score and one frequency score. */
export interface GridCell {
  customers: number
  monetary: string
}

/** Customers of similar prediction: about a tenth of all. */
export interface Group {
  actual: number
  customers: number
  decile: number
  predicted: number
}

/** A category of products of a segment's customers. */
export interface GroupCategory {
  buyers: number
  category: string
  share: number
  times: number
}

/** Recipients of one group by what happened to their message. */
export interface GroupFigures {
  events: EventFigures
  group: string
  recipients: number
  unsubscribed: number
}

/** One kind of customers in the test, in means of a customer. */
export interface GroupOutcome {
  actual: number
  by_model: number
  customers: number
  group: string
  predicted: number
}

/** A product of a segment's customers. */
export interface GroupProduct {
  buyers: number
  category?: string | null
  name?: string | null
  product: string
  share: number
  times: number
}

/** A segment set: every customer is in exactly one of its groups. */
export interface GroupSet {
  by?: ("value" | "quantile") | null
  by_conditions?: boolean
  column?: string | null
  edges?: number[]
  groups: LabelledGroup[]
  meaning: string
  of?: string[]
  withheld?: string[]
}

/** A group of customers in two numbers. */
export interface GroupSize {
  customers: number
  monetary: string
}

/** Whether the holdout has the size that it should have. */
export interface GroupSizes {
  expected_share: number
  held_out: number
  is_mismatch: boolean
  p_value: number
  people: number
}

/** All events of the tenant, whether they are in the period or not. */
export interface History {
  converted_uploads?: number
  events: number
  first_event_at: string | null
  known_orders?: number
  last_event_at: string | null
  not_counted?: number
  uploads: number
  withdrawn?: number
}

/** People who would get a campaign's messages and get none, so that it can be measured. */
export interface HoldoutShare {
  salt?: string
  share?: number
}

/** How many are written to from an hour on. */
export interface HourCount {
  hour: number
  recipients: number
}

/** Recipients by the hour in which something first happened to their message. */
export interface HourFigures {
  events: EventFigures
  hour: string
}

/** How customers are distributed over one input of the models. */
export interface InputDistribution {
  edges: number[]
  shares: number[]
}

/** A finished run for the API and the console. */
export interface Insights {
  alerts: Alert[]
  as_of: string
  breaker: Breaker | null
  churn?: ChurnRecord | null
  clusters: ClusterRow[]
  cohorts: Cohort[]
  cost: RunCost | null
  currency: string
  destinations: LoadReport[]
  expected_cost?: RunCost | null
  finished_at: string
  flows: SegmentFlow[]
  forecast_text: string
  forecasts: ForecastQuantity[]
  grid: ScoreGrid
  models: ForecastModels | null
  movement: Movement | null
  next_products?: NextProducts | null
  overview: Overview
  previous: RunOfDay | null
  products?: Products | null
  profiles: string
  reach: Record<string, SegmentReach>
  retention: RetentionRecord | null
  run_id: string
  set_flows?: Record<string, SegmentFlow[]>
  set_movements?: Record<string, Movement>
  sets: Record<string, GroupSet>
  sources?: SourceHealth[]
  started_at: string
  tenant: string
  trend: TrendPoint[]
  upload: string | null
  value: Value | null
  version: string
  warnings: string[]
}

/** The API keys of a tenant, the newest first, expired ones included. */
export interface KeyList {
  items: ApiKeyFacts[]
}

/** A wish for an API key. */
export interface KeyRequest {
  days?: number
  label: string
  role: "viewer" | "marketer" | "admin"
}

/** The customers that one label would have. */
export interface LabelCount {
  customers: number
  label: string
  monetary: string
  segments: Record<string, number>
}

/** A customer's segment over time. */
export interface LabelHistory {
  as_of: string
  items: LabelOfRun[]
  more: boolean
  run_id: string
}

/** A customer's segment in one run. */
export interface LabelOfRun {
  as_of: string
  cause: string | null
  label: string | null
  run_id: string
  words: string | null
}

/** One group of a segment set: its numbers, and what to do with its customers. */
export interface LabelledGroup {
  action: string
  below?: number | null
  buyers: number
  clv_avg?: string | null
  clv_from_avg?: string | null
  clv_reason?: string | null
  clv_to_avg?: string | null
  from?: number | null
  group: string
  historic_value_avg?: string | null
  mean_order_value: string | null
  meaning: string
  monetary: string
  monetary_percentage: number
  order_count_avg: number | null
  p_no_order_90d_avg?: number | null
  p_no_order_90d_reason?: string | null
  percentage: number
  segment: string
  timeliness_avg_days: number | null
  uuids: number
}

/** How much better a forecast ranks customers than a rule, in Gini of what came. */
export interface Lead {
  high: number
  low: number
  mean: number
}

/** The chance of no order within some days: the purchase model's, corrected. */
export interface LearntChance {
  blends: Record<string, Blend>
  clicks?: ClickGate | null
  cuts: number
  days: number
  emails?: ClickGate | null
  forest: Forest | null
  learnt_days: number
  regression: Regression | null
}

/** All that corrects the purchase model. */
export interface LearntForecasts {
  chances: Record<string, LearntChance>
  features: string[]
  middle_spend: number
  orders: LearntOrders
  ranges: LearntRanges
  season?: Season | null
}

/** The score of loyalty: a regression on "orders within 90 days". */
export interface LearntLoyalty {
  clicks?: ClickGate | null
  customers: number
  emails?: ClickGate | null
  middle_spend: number
  published: boolean
  reasons: string[]
  regression: Regression
  standard_errors: number[]
  test: LoyaltyTest | null
  weights: "learnt" | "fixed"
}

/** How many orders customers place: the purchase model's, corrected. */
export interface LearntOrders {
  blends: Record<string, Blend>
  clicks?: ClickGate | null
  cuts: number
  emails?: ClickGate | null
  forest: Forest | null
  learnt_days: number
  level: number
  regression: Regression | null
  scale: Scale
  temper: number
}

/** How far forecasts were off at earlier cuts. */
export interface LearntRanges {
  money: CustomerRanges | null
  money_spread: number
  orders: CustomerRanges | null
  orders_spread: number
  span_days: number
}

/** A file in the tenant's folder of uploads. */
export interface ListedUpload {
  bytes: number
  key: string
  uploaded_at: string
}

/** Why a load ended early. */
export interface LoadFailure {
  error: "InvalidInput" | "Retryable" | "Refused" | "NotApproved" | "Timeout" | "Unexpected"
  message: string
  state: string
}

/** What a load did at its destination. Counts only, no customer data. */
export interface LoadReport {
  adds?: number
  changes?: number
  desired?: number
  destination: string
  exits?: number
  failed?: LoadFailure | null
  held?: string
  known?: number
  left?: number
  message: string
  planned?: Estimate | null
  recreated?: boolean
  refused: number
  requests: number
  segments: PlacedSegment[]
  sent: number
  shared_addresses?: number
  unchanged?: number
  unreadable_email?: number
  unreadable_phone?: number
  untold?: number
  updates?: number
  without_address?: number
}

/** Customers ranked at an earlier cut, and who ordered in the 90 days after it. */
export interface LoyaltyTest {
  auc: number
  auc_of_recency: number
  customers: number
  lead: Lead
  ordered: number
  top_share: number
  top_share_of_recency: number
}

/** The user or key that asks. */
export interface Me {
  role: "viewer" | "marketer" | "admin" | "operator"
  scopes: ("self:read" | "insights:read" | "customers:read" | "runs:write" | "segments:write" | "campaigns:write" | "campaigns:send" | "settings:write" | "keys:write" | "erasures:write" | "tenants:write")[]
  subject: string
  tenant: string
}

/** A figure per person of two variants, buyers or not. */
export interface MeanComparison {
  adjusted_p_value: number
  against_mean: number
  difference: EffectEstimate
  mean: number
  p_value: number
  variance_removed: number
  verdict: "more" | "less" | "inconclusive" | "withheld"
}

/** What a run's messages cost at list prices. Functions come on top, and take little. */
export interface MessageCost {
  parts: CostPart[]
  priced_on: string
  region: string
  usd: number
}

/** What happened to a message. */
export interface MessageHappening {
  at: string
  kind: string
  reason: string
}

/** A draft as one customer would get it. */
export interface MessagePreview {
  html: string
  problem: string | null
  subject: string
  text: string
}

/** What the previous run published of its customers' money, and today's history of that day. */
export interface MoneyChanges {
  after: string
  before: string
  changed: number
  customers: number
}

/** The customers who moved from one label to another, for one cause. */
export interface Move {
  cause: string
  customers: number
  from: string | null
  to: string | null
}

/** The movement between two runs. */
export interface Movement {
  causes: CauseMoves[]
  customers: number
  entered: number
  labels: string[]
  left: number
  matrix: number[][]
  moved: number
  moves: Move[]
  segments: SegmentMoves[]
  stayed: number
}

/** A tenant that is to be made. */
export interface NewTenant {
  daily_run?: boolean
  destinations?: string[] | null
  limits?: OwnLimits
  tenant: string
}

/** What customers buy, and are likely to buy next. */
export interface NextProducts {
  buyers: number
  categories?: Record<string, GroupCategory[]>
  on_sale: number
  personal: number
  products: number
  published: boolean
  reasons: string[]
  segments?: Record<string, GroupProduct[]>
  test?: RecommendingTest | null
  together?: ProductNeighbours[]
}

/** What an offer costs, and what a sale leaves. */
export interface Offer {
  budget?: number | null
  cost: number
  margin: number
  set_name?: string | null
}

/** A group, and what the offer comes to for it. */
export interface OfferGroup {
  customers: number
  high: number
  label: string
  low: number
  margin: number
  net: number
  who: string
}

/** To which customers an offer goes first. */
export interface OfferPlan {
  audience?: CampaignAudience | null
  campaign: string
  customers: number
  frontier: FrontierPoint[]
  groups: OfferGroup[]
  net: number
  set: Record<string, unknown> | null
  simulated?: boolean
  spent: number
  verdict: string
}

/** People of an audience who are sent nothing. */
export interface OmittedPeople {
  meaning: string
  people: number
  reason: string
}

/** Orders per person of treated and held-out people, buyers or not. */
export interface OrdersEffect {
  difference: EffectEstimate
  held_out_mean: number
  incremental: EffectEstimate
  treated_mean: number
  variance_removed: number
}

/** When an effect of one size is known, with one holdout. */
export interface OutlookCell {
  lift: number
  people: number
  weeks: number | null
}

/** What one holdout shows. */
export interface OutlookRow {
  cells: OutlookCell[]
  detectable_lift: number
  share: number
}

/** All customers in numbers. */
export interface Overview {
  average_order_value: string | null
  buyers: number
  customers: number
  median_days_to_second_order: number | null
  monetary: string
  orders: number
  orders_per_buyer: number | null
  repeat_buyers: number | null
  repeat_rate: number | null
}

/** A tenant's own limits. Null is what the deployment sets for all. */
export interface OwnLimits {
  max_runs?: number | null
  requests_per_minute?: number | null
}

/** A segment at the destination, and the action that was taken. */
export interface PlacedSegment {
  action: string
  label: string
  name: string
  reference?: string
  rule?: string
  size: number | null
}

/** At which hours a run writes, and why. The three counts add to those who are written to. */
export interface PlannedHours {
  by_hour: HourCount[]
  decision: "publish" | "withhold"
  outside: number
  reason: string
  without_clicks: number
}

/** Gmail's share of messages that users reported as spam, as somebody entered it. */
export interface PostmasterFigure {
  day: string
  share: number
}

/** Which customer a preview of a template's draft is for. */
export interface PreviewRequest {
  customer_key?: string | null
  values?: Record<string, string>
}

/** Why a request was refused (RFC 9457). */
export interface ProblemDetails {
  detail: string
  errors?: ProblemPart[]
  status: number
  title: string
  type?: string
}

/** One part of a request that is wrong. */
export interface ProblemPart {
  what: string
  where: string
}

/** One product in numbers. */
export interface Product {
  buyers: number
  category?: string | null
  code: string | null
  first_buyers: number
  lines: number
  money: string
  money_share: number | null
  name: string | null
  repeat_buyers: number
  repeat_rate: number | null
  returned: string
}

/** What customers buy, where the data has products. */
export interface ProductList {
  as_of: string
  currency: string
  next_products?: NextProducts | null
  products: Products | null
  reason: string | null
  run_id: string
}

/** A product and what its buyers buy too, the nearest first. */
export interface ProductNeighbours {
  buyers: number
  category?: string | null
  name?: string | null
  product: string
  together: BoughtTogether[]
}

/** The products of a run's orders. */
export interface Products {
  buyers: number
  count: number
  items: Product[]
  money: string
  without: string
}

/** One of the three figures that a customer programme promises, against the holdout. */
export interface PromisedFigure {
  adjusted_p_value: number
  difference: EffectEstimate | null
  figure: "reactivation" | "upsell" | "churn"
  held_out: number
  held_out_count: number
  lift: EffectEstimate | null
  p_value: number
  treated: number
  treated_count: number
  verdict: "more" | "less" | "inconclusive" | "withheld"
}

/** A wish to publish a draft. */
export interface PublishRequest {
  version: number
}

/** Which published version campaigns send. */
export interface PublishedFacts {
  number: number
  published_at: string
  published_by: string
}

/** A purchase model, fitted by maximum likelihood. */
export interface PurchaseFit {
  customers: number
  log_likelihood: number
  name: string
  parameters: Record<string, number>
  parameters_per_week: Record<string, number>
  standard_errors: Record<string, number> | null
  warnings: string[]
}

/** Measures of predictions that were made without their outcomes. */
export interface Quality {
  auc: number
  base_log_loss: number
  brier: number
  cancelled: number
  customers: number
  ece: number
  gain_error: number
  log_loss: number
  top_decile_lift: number
}

/** What all campaigns of a quarter changed. */
export interface QuarterResults {
  as_of: string
  campaigns: string[]
  effect: EffectSlice | null
  first_day: string
  known_on: string
  promised: PromisedFigure[]
  quarter: string
  sizes: GroupSizes
  words: string
}

/** Whether ranges made before the cut held after it. */
export interface RangeTest {
  actual: number
  customers_inside: number | null
  high: number
  low: number
}

/** The area above another way to choose, in revenue per person, with its 95 % interval. */
export interface RankingGain {
  against: string
  area: number
  high: number
  low: number
}

/** The chance of one reaction, and whether it may be used. */
export interface ReactionChance {
  decision: "publish" | "withhold"
  groups?: ChanceGroup[]
  log_loss?: number | null
  people: number
  prior?: BetaPrior | null
  reaction: "opened" | "clicked" | "unsubscribed"
  reason: string
  same_log_loss?: number | null
  share?: number | null
}

/** A definition that ships with Tessera, to begin with. */
export interface ReadyCampaign {
  definition: Record<string, unknown>
  name: string
}

/** The definitions that ship with Tessera. */
export interface ReadyCampaignList {
  items: ReadyCampaign[]
}

/** An uploaded list of receivers. */
export interface ReceiverList {
  bytes: number
  name: string
  uploaded_at: string
}

/** The uploaded lists of receivers, by name. */
export interface ReceiverLists {
  items: ReceiverList[]
}

/** A product that a customer is likely to buy next. */
export interface RecommendedProduct {
  category?: string | null
  name: string | null
  product: string
}

/** One way to recommend ten products, in the test. */
export interface Recommender {
  coverage: number
  recall: number
}

/** Recommendations made at an earlier day, and what customers began to buy since. */
export interface RecommendingTest {
  customers: number
  holdout_days: number
  lately: Recommender
  lead_lately: Lead
  lead_popular: Lead
  learnt: Recommender
  new_products: number
  popular: Recommender
  products: number
}

/** A line of an uploaded file that is not used. */
export interface RefusedConsent {
  column: string
  expected: string
  line: number
}

/** A regression on scaled features, (value - mean) / spread, each at most 4 from 0. */
export interface Regression {
  coefficients: number[]
  intercept: number
  mean: number[]
  names: string[]
  spread: number[]
}

/** The rows of a run's upload that were refused. */
export interface RejectList {
  items?: RejectedLine[]
  rejected?: Record<string, number>
  run_id: string
}

/** A row that was refused. */
export interface RejectedLine {
  code: string
  column: string
  file: string
  line: number
}

/** A removal that was asked for. */
export interface RemovalFacts {
  asked_at: string | null
  asked_by: string
  case: string
  finished_at?: string | null
  open_until?: string | null
  reason: string
  tenant: string
}

/** The removals of a deployment, the newest first. */
export interface RemovalList {
  items: RemovalFacts[]
}

/** What the removal of a tenant did. It names no customer. */
export interface RemovalReceipt {
  ages_out: string[]
  asked_at: string
  asked_by: string
  by_hand: string[]
  case: string
  finished_at: string | null
  kind?: "removal"
  open_until?: string | null
  parts: RemovedPart[]
  reason: string
  tenant: string
  tessera: string
}

/** A tenant that is to be removed, with all its data. */
export interface RemoveTenant {
  confirm: string
  reason?: string
}

/** One place that had something of the tenant. */
export interface RemovedPart {
  had: number
  left?: number
  what: string
}

/** The share of subscribers who are still there after so many renewals. */
export interface RenewalSurvival {
  at_risk: number | null
  cancelled: number | null
  fitted: number | null
  observed: number | null
  renewals: number
}

/** What was tested, how it went, and what is published. */
export interface ReportCard {
  baselines: Record<string, Accuracy>
  calibration?: Group[]
  calibration_days: number
  customers: number
  discrimination?: Discrimination | null
  forecast?: Accuracy | null
  gap_states: StateOutcome[]
  groups?: GroupOutcome[]
  holdout_days: number
  model?: string | null
  models: ScoredModel[]
  notes?: string[]
  p_alive_means_something?: boolean
  ranges?: RangeTest | null
  repeat_buyers: number
  value?: ValueCaptured | null
  verdicts?: Verdicts | null
}

/** What to do after a look at a campaign. */
export interface ResultAdvice {
  groups: string[]
  step: "go_on" | "send_to_some" | "wait" | "enlarge" | "stop" | "check"
  words: string
}

/** The forecast for subscribers who were there at the cut, and what happened. */
export interface RetentionHoldout {
  active: number
  cancelled: number
  churn_rate: number
  error: number
  expected: number
  naive: number
  naive_error: number
  periods: number
  stayed: number
  subscribers: number
  total_error: number | null
}

/** How long subscribers stay: the model, its test, and whether it may be used. */
export interface RetentionRecord {
  active?: number
  cancelled: number
  decision: "publish" | "withhold"
  gave?: ChanceSources | null
  holdout: RetentionHoldout | null
  log_likelihood: number | null
  parameters: Record<string, number> | null
  period_days: number
  reason: string
  standard_errors: Record<string, number> | null
  subscribers: number
  survival: RenewalSurvival[]
  warnings: string[]
}

/** Revenue per person of treated and held-out people, buyers or not. */
export interface RevenueEffect {
  difference: number
  held_out_mean: number
  high: number
  incremental: number
  incremental_high: number
  incremental_low: number
  limit: number
  limited: number
  low: number
  margin?: EffectEstimate | null
  treated_mean: number
  variance_removed?: number
}

/** A tenth of the customers of the test, by their predicted risk. */
export interface RiskGroup {
  customers: number
  observed: number
  predicted: number
}

/** An attribute as a reason of the customers most at risk. */
export interface RiskReason {
  contribution: number
  customers: number
  feature: string
  share: number
  value: string | null
}

/** What raises the risk of the customers most at risk. */
export interface RiskReasons {
  customers: number
  features: RiskReason[]
}

/** The upload's rows: ``read`` is the sum of all others. */
export interface Rows {
  accepted?: number
  ignored?: Record<string, number>
  read?: number
  rejected?: Record<string, number>
}

/** The cost of a run at list prices. */
export interface RunCost {
  priced_on: string
  region: string
  steps: StepCost[]
  usd: number
}

/** A decision on a run that waits, or to stop one that sends. */
export interface RunDecision {
  why?: string
}

/** One run with what is known of it so far. */
export interface RunDetail {
  as_of: string | null
  breaker: Breaker | null
  changes: Record<string, SegmentFlow[]>
  cost: RunCost | null
  decided_at: string | null
  decided_by: string | null
  decision: string | null
  error: string | null
  expected_cost: string | null
  failure: FailedRun | null
  finished_at: string | null
  history: History | null
  queued: string | null
  rows: Rows | null
  run_id: string
  source: Source | null
  started_at: string | null
  states: StateProgress[]
  status: "QUEUED" | "RUNNING" | "WAITING" | "SUCCEEDED" | "FAILED"
  upload: string | null
  waits_for: string | null
  waits_until: string | null
  warnings: string[]
}

/** What happened to the messages of a run. */
export interface RunFigures {
  by_band: GroupFigures[]
  by_hour: HourFigures[]
  by_variant: GroupFigures[]
  campaign: string
  measured_at: string
  notes: string[]
  run_id: string
  simulated: boolean
  total: GroupFigures
}

/** The runs of a tenant, the newest first. */
export interface RunList {
  items: RunState[]
  next: string | null
}

/** A run and the day that it describes. */
export interface RunOfDay {
  as_of: string
  run_id: string
}

/** One run, and how far it is. */
export interface RunState {
  decided_at: string | null
  decided_by: string | null
  decision: string | null
  error: string | null
  expected_cost: string | null
  finished_at: string | null
  queued: string | null
  run_id: string
  started_at: string | null
  status: "QUEUED" | "RUNNING" | "WAITING" | "SUCCEEDED" | "FAILED"
  upload: string | null
  waits_for: string | null
  waits_until: string | null
}

/** A campaign with its definition. */
export interface SavedCampaign {
  changed_at: string
  changed_by: string
  definition: CampaignDefinition
  id: string
  last_run: string | null
  last_run_state: ("PLANNING" | "AWAITING_APPROVAL" | "SCHEDULED" | "SENDING" | "PAUSED" | "SETTLING" | "MEASURING" | "FINISHED" | "CANCELLED" | "FAILED") | null
  name: string
  problems: string[]
  state: "draft" | "active" | "ended"
  version: number
}

/** A segment set, and the version of the settings that it is part of. */
export interface SavedSet {
  saved_at: string | null
  saved_by: string | null
  set: SetDocument
  version: number
}

/** How much less a forecast loses than a naive rule, as shares of the rule's loss. */
export interface Saving {
  at_least: number
  mean: number
}

/** What makes the total of expected orders right, as of the day that learnt it. */
export interface Scale {
  days: number
  mean_expected: number
  of_factor: number
  of_trees: number
}

/** Customers and money by recency score and frequency score. */
export interface ScoreGrid {
  bins: Record<string, number[]>
  cells: GridCell[][]
  meaning: string
  measures: string
  preset: string
  scale: number
  thresholds: Record<string, number[]>
}

/** One purchase model in the test. */
export interface ScoredModel {
  accuracy: Accuracy
  log_likelihood: number
  name: string
}

/** How much a shop's months of the year differ. */
export interface Season {
  levels: number[]
  months: number
}

/** The moves of one segment since the previous run, with their causes. */
export interface SegmentFlow {
  after: number
  before: number
  entered: number
  in_by_cause: Record<string, number>
  label: string
  left: number
  moved_in: number
  moved_out: number
  out_by_cause: Record<string, number>
  stayed: number
}

/** Every segment set of a run with its groups. */
export interface SegmentList {
  as_of: string
  run_id: string
  sets: Record<string, GroupSet>
}

/** The moves of one segment. */
export interface SegmentMoves {
  after: number
  before: number
  entered: number
  label: string
  left: number
  moved_in: number
  moved_out: number
  stayed: number
}

/** The customers of a segment, by how they can be contacted. */
export interface SegmentReach {
  ad_consent: number
  customers: number
  email: number
  email_denied?: number
  email_granted?: number
  phone: number
}

/** The groups of one segment set in numbers. */
export interface SegmentStatistics {
  as_of: string
  currency: string
  customers: number
  groups: LabelledGroup[]
  meaning: string
  run_id: string
  set: string
}

/** The days of a campaign's runs, and the hours of its messages. */
export interface SendSchedule {
  finish_within_hours?: number
  first_day: string
  hours?: DayHours
  include_present?: boolean
  kind: "once" | "daily"
  last_day?: string | null
  send_at?: "hours" | "best_hour"
  start_within_hours?: number
  zone?: "customer" | "shop"
}

/** A new or changed segment set. */
export interface SetChange {
  definition: Record<string, unknown>
  in_use?: boolean
  version: number
}

/** The labels of one segment set that changed, beside those that behaviour and time explain. */
export interface SetChanges {
  causes?: Record<string, number>
  changed: number
  customers: number
  name: string
}

/** What a segment set would come to with the customers of a run. */
export interface SetCount {
  as_of: string
  empty: EmptyCells[]
  labels: LabelCount[]
  run_id: string
}

/** A destination of the tenant, and whether it gets the segments of a set. */
export interface SetDestination {
  destination: string
  gets: boolean
  reason: string | null
  title: string
}

/** Where a segment set goes with the next run. */
export interface SetDestinations {
  items: SetDestination[]
  name: string
  saved_at: string | null
  saved_by: string | null
  version: number
}

/** Where a segment set is to go, whole. */
export interface SetDestinationsChange {
  destinations: string[]
  version: number
}

/** A segment set's definition. */
export interface SetDocument {
  definition: Record<string, unknown>
  in_use: boolean
  name: string
  shipped: boolean
  toml: string
  warning?: string
}

/** Every segment set that a tenant can use, shipped ones included. */
export interface SetDocumentList {
  items: SetDocument[]
  saved_at: string | null
  saved_by: string | null
  version: number
}

/** New settings of a tenant, whole. */
export interface SettingsChange {
  settings: Record<string, unknown>
  version: number
}

/** A tenant's settings. */
export interface SettingsDocument {
  effective: Record<string, unknown>
  saved_at: string | null
  saved_by: string | null
  settings: Record<string, unknown>
  toml: string
  version: number
}

/** A signature, and the public key that verifies it. */
export interface Signature {
  algorithm: string
  key: string
  public_key: string
  value: string
}

/** A receipt as it was signed. Keep the answer as a file: ``tessera erase --verify`` checks it. */
export interface SignedReceipt {
  receipt: Record<string, unknown>
  signature: Signature
}

/** The receipt of a removal, and its signature over the canonical JSON of ``receipt``. */
export interface SignedRemoval {
  receipt: RemovalReceipt
  signature: Signature
}

/** A decision tree as rows of numbers, one for each node. The first node is the root. */
export interface SmallTree {
  feature: number[]
  left: number[]
  value: number[]
}

/** As what the upload was read. */
export interface Source {
  dates?: string
  mapping?: string
  money?: string
  notes?: string[]
  reads?: string
}

/** A source against its own history, as of a run. */
export interface SourceHealth {
  arrived_at: string
  compared: number
  due_by: string | null
  is_late: boolean
  last_event_at: string | null
  refusals: "too_few" | "usual" | "more"
  refused: number
  rows: number
  source: string
  upload: string
  usual_rows: Usual | null
  usual_share: Usual | null
  volume: "too_few" | "usual" | "less" | "more"
}

/** The sources of uploads, each against its own history. */
export interface SourceList {
  as_of: string
  items: SourceHealth[]
  run_id: string
}

/** Gmail's share of messages that users reported as spam, as it was entered last. */
export interface SpamRate {
  counts_until: string | null
  day: string | null
  share: number | null
}

/** A spend model, fitted by maximum likelihood. */
export interface SpendFit {
  customers: number
  log_likelihood: number
  model: SpendParameters
  standard_errors: Record<string, number> | null
  warnings: string[]
}

/** A Gamma-Gamma model's parameters. */
export interface SpendParameters {
  finite_mean?: boolean
  name?: "gamma_gamma"
  p: number
  population_mean: number
  q: number
  v: number
}

/** A wish for a run. */
export interface StartRun {
  upload?: string | null
}

/** A run that was asked for. It appears in the list of runs once its upload is checked. */
export interface StartedRun {
  execution: string
}

/** What became of the customers in one state of the gap rule at the cut-off. */
export interface StateOutcome {
  customers: number
  ordered: number
  state: string
}

/** One state of a run. */
export interface StateProgress {
  entered_at: string
  exited_at: string | null
  name: string
}

/** One step of a run and its price. */
export interface StepCost {
  runs_on: string
  seconds: number | null
  step: string
  usd: number | null
  usd_per_hour: number | null
}

/** Why a tenant is stopped. */
export interface SuspendTenant {
  reason?: string
}

/** Customers within some limits, and what writing to them brings. */
export interface TargetGroup {
  customers: number
  effect: number
  high: number
  limits: TargetLimit[]
  low: number
  people: number
}

/** Numbers of a profile column from one limit on and below another. None for no limit. */
export interface TargetLimit {
  below: number | null
  column: string
  low: number | null
}

/** What writing to the best part of the audience brings, on people that it was not learnt from. */
export interface TargetPoint {
  churn_gain?: number | null
  gain: number
  high: number
  low: number
  random_gain: number
  share: number
}

/** A template's new draft, whole. */
export interface TemplateChange {
  name: string
  template: Record<string, unknown>
  version: number
}

/** A published version of a template. */
export interface TemplateChoice {
  id: string
  version: number
}

/** A template that another shop can import. */
export interface TemplateExport {
  format: "tessera-template"
  name: string
  template: Record<string, unknown>
}

/** A template without its contents. */
export interface TemplateFacts {
  id: string
  name: string
  published: PublishedFacts | null
  saved_at: string | null
  saved_by: string | null
  version: number
}

/** A finding. */
export interface TemplateFinding {
  action: string
  block: string
  field: string
  path: string
  problem: string
  rule: string
  severity: "error" | "warning"
}

/** The templates of a tenant, by id. */
export interface TemplateList {
  items: TemplateFacts[]
}

/** A wish for a test of a template. */
export interface TemplateTest {
  customer_key?: string | null
  to: string
  version: number
}

/** What became of a test of a template. */
export interface TemplateTestResult {
  message_id: string
  problem: string
}

/** What a tenant may use, whole. */
export interface TenantChange {
  daily_run?: boolean
  destinations?: string[] | null
  limits?: OwnLimits
}

/** One shop of a deployment, without any of its data. */
export interface TenantFacts {
  changed_at: string | null
  changed_by: string
  daily_run: boolean
  destinations: string[] | null
  limits: OwnLimits
  made_at: string | null
  made_by: string
  reason: string
  removal?: string | null
  seen_at: string | null
  state: "active" | "suspended" | "removing"
  tenant: string
}

/** The tenants of a deployment, by name. */
export interface TenantList {
  destinations: string[]
  is_open: boolean
  items: TenantFacts[]
  limits: OwnLimits
}

/** A total over all customers and its 80 % range. */
export interface TotalRange {
  expected: number
  high: number
  low: number
}

/** Who moved since the previous run, and why. */
export interface TransitionList {
  as_of: string
  flows: SegmentFlow[]
  movement: Movement | null
  previous: RunOfDay | null
  run_id: string
  set: string
}

/** Sizes and money over runs. */
export interface TrendLine {
  as_of: string
  currency: string
  points: TrendPoint[]
  run_id: string
}

/** A finished run in few numbers, to compare it with others. */
export interface TrendPoint {
  as_of: string
  buyers: number
  customers: number
  groups?: Record<string, Record<string, GroupSize>>
  monetary: string
  orders: number
  run_id: string
  segments: Record<string, number>
}

/** The files in the tenant's folder of uploads, the newest first. */
export interface UploadList {
  items: ListedUpload[]
}

/** One part of a large file. */
export interface UploadPart {
  bytes: number
  number: number
  offset: number
  url: string
}

/** A wish to upload a file. */
export interface UploadRequest {
  bytes: number
  kind?: "events" | "attributes"
  name: string
}

/** Where to send a file. Its run starts by itself once it is complete. */
export interface UploadTarget {
  complete_url?: string | null
  expires_at: string
  headers?: Record<string, string>
  key: string
  parts?: UploadPart[]
  url: string | null
}

/** A user of the console. */
export interface User {
  email: string
  role: "viewer" | "marketer" | "admin"
  subject: string
}

/** The users of a tenant, by address. */
export interface UserList {
  items: User[]
}

/** Where most of a source's earlier figures are. */
export interface Usual {
  least: number
  most: number
}

/** What customers are worth. */
export interface Value {
  churn_by_value: ValueByChurn | null
  clv_histogram: ValueBin[] | null
}

/** The customers whose lifetime value is between two amounts. */
export interface ValueBin {
  below: number | null
  customers: number
  from: number
}

/** Value against the risk of churn. */
export interface ValueByChurn {
  clv: string[][]
  columns: string[]
  customers: number[][]
  rows: string[]
}

/** Spend in the holdout: all net money of customers who had bought by the cut-off. */
export interface ValueCaptured {
  by_past_spend: number | null
  by_prediction: number | null
  spend: Accuracy
}

/** One message of a campaign. */
export interface Variant {
  name: string
  segments?: string[]
  share?: number
  template?: TemplateChoice | null
}

/** One variant against another one that was drawn among the same people. */
export interface VariantComparison {
  adjusted_p_value: number
  against: string
  against_buyers: number
  against_people: number
  buyers: number
  difference: EffectEstimate | null
  lift: EffectEstimate | null
  limit: number | null
  limited: number
  margin: EffectEstimate | null
  orders: MeanComparison | null
  p_value: number
  people: number
  revenue: MeanComparison | null
  revenue_note: string
  variant: string
  verdict: "more" | "less" | "inconclusive" | "withheld"
  words: string
}

/** What may be published of one quantity. */
export interface Verdict {
  grade: "full" | "ranking" | "none"
  leads?: Record<string, Lead>
  off_by?: number | null
  reasons: string[]
  savings?: Record<string, Saving>
}

/** The verdict of each quantity. */
export interface Verdicts {
  money: Verdict
  no_order: Record<string, Verdict>
  orders: Verdict
}

/** A write-only key without its secret. */
export interface WriteKeyFacts {
  created_at: string
  created_by: string
  expires_at: string
  key_id: string
  label: string
}

/** The write-only keys of a tenant, the newest first, expired ones included. */
export interface WriteKeyList {
  items: WriteKeyFacts[]
}

/** A wish for a write-only key of a page. */
export interface WriteKeyRequest {
  days?: number
  label: string
}

export interface Gets {
  "/v1/brand": { parameters: Record<never, never>; answer: BrandDocument }
  "/v1/campaign-runs/{campaign_run}": { parameters: { campaign_run: string }; answer: CampaignRunDetail }
  "/v1/campaign-runs/{campaign_run}/doubts": { parameters: { campaign_run: string }; answer: DoubtList }
  "/v1/campaign-runs/{campaign_run}/figures": { parameters: { campaign_run: string }; answer: RunFigures }
  "/v1/campaigns": { parameters: Record<never, never>; answer: CampaignList }
  "/v1/campaigns/{campaign_id}": { parameters: { campaign_id: string }; answer: SavedCampaign }
  "/v1/campaigns/{campaign_id}/engagement": { parameters: { campaign_id: string }; answer: CampaignEngagement }
  "/v1/campaigns/{campaign_id}/results": { parameters: { campaign_id: string }; answer: CampaignResults }
  "/v1/campaigns/{campaign_id}/runs": { parameters: { campaign_id: string }; answer: CampaignRunList }
  "/v1/campaigns/{campaign_id}/targets": { parameters: { campaign_id: string }; answer: CampaignTargets }
  "/v1/cohorts": { parameters: { run?: string | null | undefined }; answer: CohortList }
  "/v1/consent": { parameters: Record<never, never>; answer: ConsentCounts }
  "/v1/customers": { parameters: { run?: string | null | undefined; cursor?: string | null | undefined; limit?: number | undefined; segment?: string | null | undefined; churn_band?: string | null | undefined; value_tier?: string | null | undefined; label?: string | null | undefined }; answer: CustomerPage }
  "/v1/customers.csv": { parameters: { run?: string | null | undefined; cursor?: string | null | undefined; limit?: number | undefined; segment?: string | null | undefined; churn_band?: string | null | undefined; value_tier?: string | null | undefined; label?: string | null | undefined }; answer: undefined }
  "/v1/customers/{customer_key}": { parameters: { customer_key: string; run?: string | null | undefined }; answer: CustomerDetail }
  "/v1/customers/{customer_key}/labels": { parameters: { customer_key: string; run?: string | null | undefined }; answer: LabelHistory }
  "/v1/customers/{customer_key}/messages": { parameters: { customer_key: string }; answer: CustomerMessages }
  "/v1/destinations": { parameters: { run?: string | null | undefined }; answer: DestinationList }
  "/v1/effect-outlook": { parameters: { people?: number | undefined; weekly?: boolean | undefined; conversion?: number | null | undefined; lift?: number | undefined; result_days?: number | undefined; holdout?: number | null | undefined }; answer: EffectOutlook }
  "/v1/erasures": { parameters: { limit?: number | undefined; cursor?: string | null | undefined }; answer: ErasureList }
  "/v1/erasures/{case}": { parameters: { case: string }; answer: ErasureDetail }
  "/v1/global-holdout/{year}": { parameters: { year: number }; answer: GlobalHoldoutYear }
  "/v1/insights": { parameters: { run?: string | null | undefined }; answer: Insights }
  "/v1/keys": { parameters: Record<never, never>; answer: KeyList }
  "/v1/me": { parameters: Record<never, never>; answer: Me }
  "/v1/postmaster": { parameters: Record<never, never>; answer: SpamRate }
  "/v1/products": { parameters: { run?: string | null | undefined }; answer: ProductList }
  "/v1/ready-campaigns": { parameters: Record<never, never>; answer: ReadyCampaignList }
  "/v1/receivers": { parameters: Record<never, never>; answer: ReceiverLists }
  "/v1/removals": { parameters: Record<never, never>; answer: RemovalList }
  "/v1/removals/{removal_case}": { parameters: { removal_case: string }; answer: SignedRemoval }
  "/v1/report-card": { parameters: { run?: string | null | undefined }; answer: ForecastReport }
  "/v1/runs": { parameters: { limit?: number | undefined; cursor?: string | null | undefined }; answer: RunList }
  "/v1/runs/{run_id}": { parameters: { run_id: string }; answer: RunDetail }
  "/v1/runs/{run_id}/rejects": { parameters: { run_id: string }; answer: RejectList }
  "/v1/segment-sets": { parameters: Record<never, never>; answer: SetDocumentList }
  "/v1/segment-sets/{name}": { parameters: { name: string }; answer: SavedSet }
  "/v1/segment-sets/{name}/destinations": { parameters: { name: string }; answer: SetDestinations }
  "/v1/segment-statistics": { parameters: { set?: string | undefined; run?: string | null | undefined }; answer: SegmentStatistics }
  "/v1/segment-statistics.csv": { parameters: { set?: string | undefined; run?: string | null | undefined }; answer: undefined }
  "/v1/segments": { parameters: { run?: string | null | undefined }; answer: SegmentList }
  "/v1/settings": { parameters: Record<never, never>; answer: SettingsDocument }
  "/v1/sources": { parameters: { run?: string | null | undefined }; answer: SourceList }
  "/v1/templates": { parameters: Record<never, never>; answer: TemplateList }
  "/v1/templates/{template_id}": { parameters: { template_id: string }; answer: CheckedTemplate }
  "/v1/templates/{template_id}/export": { parameters: { template_id: string }; answer: TemplateExport }
  "/v1/tenants": { parameters: Record<never, never>; answer: TenantList }
  "/v1/tenants/{tenant}": { parameters: { tenant: string }; answer: TenantFacts }
  "/v1/transitions": { parameters: { set?: string | undefined; run?: string | null | undefined }; answer: TransitionList }
  "/v1/trends": { parameters: { run?: string | null | undefined }; answer: TrendLine }
  "/v1/uploads": { parameters: Record<never, never>; answer: UploadList }
  "/v1/users": { parameters: Record<never, never>; answer: UserList }
  "/v1/write-keys": { parameters: Record<never, never>; answer: WriteKeyList }
}

export interface Posts {
  "/v1/audiences/count": { parameters: Record<never, never>; body: AudienceQuestion; answer: AudienceCount }
  "/v1/campaign-runs/{campaign_run}/approve": { parameters: { campaign_run: string }; answer: CampaignRunFacts }
  "/v1/campaign-runs/{campaign_run}/cancel": { parameters: { campaign_run: string }; body: RunDecision; answer: CampaignRunFacts }
  "/v1/campaign-runs/{campaign_run}/doubts/release": { parameters: { campaign_run: string }; body: DoubtRelease; answer: CampaignRunFacts }
  "/v1/campaign-runs/{campaign_run}/pause": { parameters: { campaign_run: string }; body: RunDecision; answer: CampaignRunFacts }
  "/v1/campaign-runs/{campaign_run}/resume": { parameters: { campaign_run: string }; answer: CampaignRunFacts }
  "/v1/campaigns/{campaign_id}/activate": { parameters: { campaign_id: string }; body: CampaignActivation; answer: SavedCampaign }
  "/v1/campaigns/{campaign_id}/duplicate": { parameters: { campaign_id: string }; body: CampaignCopy; answer: SavedCampaign }
  "/v1/campaigns/{campaign_id}/end": { parameters: { campaign_id: string }; answer: SavedCampaign }
  "/v1/campaigns/{campaign_id}/offer": { parameters: { campaign_id: string }; body: Offer; answer: OfferPlan }
  "/v1/campaigns/{campaign_id}/runs": { parameters: { campaign_id: string }; body: CampaignReuse; answer: CampaignRunFacts }
  "/v1/consent/imports": { parameters: Record<never, never>; body: FileSize; answer: FileTarget }
  "/v1/consent/imports/{import_id}/start": { parameters: { import_id: string }; answer: ConsentReport }
  "/v1/customers/search": { parameters: Record<never, never>; body: CustomerSearch; answer: CustomerMatches }
  "/v1/erasures": { parameters: Record<never, never>; body: ErasureOrder; answer: ErasureCase }
  "/v1/events": { parameters: Record<never, never>; body: { consent: true; events: ({ CustomerID: string | number; Date: string; EventID?: string; EventName: "VIEWED" | "PROCESSED" | "SESSION"; ProductCategory?: string; ProductCode?: string | number; ProductName?: string })[]; key: string; sent_at?: string }; answer: undefined }
  "/v1/keys": { parameters: Record<never, never>; body: KeyRequest; answer: CreatedKey }
  "/v1/receivers/{list_name}": { parameters: { list_name: string }; body: FileSize; answer: FileTarget }
  "/v1/runs": { parameters: Record<never, never>; body: StartRun; answer: StartedRun }
  "/v1/runs/{run_id}/approve": { parameters: { run_id: string }; body: RunDecision; answer: RunState }
  "/v1/runs/{run_id}/reject": { parameters: { run_id: string }; body: RunDecision; answer: RunState }
  "/v1/segment-sets/count": { parameters: Record<never, never>; body: CountRequest; answer: SetCount }
  "/v1/templates/{template_id}/duplicate": { parameters: { template_id: string }; body: DuplicateRequest; answer: CheckedTemplate }
  "/v1/templates/{template_id}/import": { parameters: { template_id: string }; body: TemplateExport; answer: CheckedTemplate }
  "/v1/templates/{template_id}/preview": { parameters: { template_id: string }; body: PreviewRequest; answer: MessagePreview }
  "/v1/templates/{template_id}/publish": { parameters: { template_id: string }; body: PublishRequest; answer: CheckedTemplate }
  "/v1/templates/{template_id}/test-sends": { parameters: { template_id: string }; body: TemplateTest; answer: TemplateTestResult }
  "/v1/tenants": { parameters: Record<never, never>; body: NewTenant; answer: TenantFacts }
  "/v1/tenants/{tenant}/limits": { parameters: { tenant: string }; body: TenantChange; answer: TenantFacts }
  "/v1/tenants/{tenant}/remove": { parameters: { tenant: string }; body: RemoveTenant; answer: RemovalFacts }
  "/v1/tenants/{tenant}/resume": { parameters: { tenant: string }; answer: TenantFacts }
  "/v1/tenants/{tenant}/suspend": { parameters: { tenant: string }; body: SuspendTenant; answer: TenantFacts }
  "/v1/uploads": { parameters: Record<never, never>; body: UploadRequest; answer: UploadTarget }
  "/v1/write-keys": { parameters: Record<never, never>; body: WriteKeyRequest; answer: CreatedWriteKey }
}

export interface Puts {
  "/v1/brand": { parameters: Record<never, never>; body: BrandChange; answer: BrandDocument }
  "/v1/campaigns/{campaign_id}": { parameters: { campaign_id: string }; body: CampaignChange; answer: SavedCampaign }
  "/v1/postmaster": { parameters: Record<never, never>; body: PostmasterFigure; answer: SpamRate }
  "/v1/segment-sets/{name}": { parameters: { name: string }; body: SetChange; answer: SavedSet }
  "/v1/segment-sets/{name}/destinations": { parameters: { name: string }; body: SetDestinationsChange; answer: SetDestinations }
  "/v1/settings": { parameters: Record<never, never>; body: SettingsChange; answer: SettingsDocument }
  "/v1/templates/{template_id}": { parameters: { template_id: string }; body: TemplateChange; answer: CheckedTemplate }
}

export interface Deletes {
  "/v1/keys/{key_id}": { parameters: { key_id: string }; answer: undefined }
  "/v1/write-keys/{key_id}": { parameters: { key_id: string }; answer: undefined }
}

"""Every name that two places must agree on: the segment prefix, S3 keys, job names.

Two buckets. The *data* bucket holds uploads and everything pseudonymous. The *identities* bucket
holds whatever names a person: ids, addresses, rejected rows, and the files for destinations.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from tessera.errors import InvalidInput

SEGMENT_PREFIX = "_RFM_"
PROSPECT = "Prospect"  # the label of a customer without a purchase, in every segment definition
DEFAULT_TENANT = "default"
CANARY_TENANT = "canary"  # of the tiny upload that follows each deployment
UPLOADS = "uploads/"
TENANTS = "tenants/"  # all that is not uploaded, but for query results
ATTRIBUTES_FOLDER = "attributes"  # in UPLOADS or a tenant's folder there: files about customers
ATTRIBUTES_SUFFIXES = (".csv", ".csv.gz")
TEXT_SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
_PARQUET = ".parquet"
UPLOAD_SUFFIXES = (*TEXT_SUFFIXES, _PARQUET, ".xlsx")
QUERY_RESULTS = "athena-results/"  # what analysts' queries return, in the data bucket
FOLDER_COMPLETE = "_SUCCESS"  # the object that says: every part of this folder is there
AS_OF = "as-of"  # metadata of an upload: the day to describe
WITHDRAW = "withdraw"  # metadata of an upload: "yes" where its events are to go
REWRITTEN = "rewritten"  # metadata of an upload: "yes" where an erasure wrote it again
METRICS = "Tessera"  # the namespace of Tessera's CloudWatch metrics
LONGEST_RUN_HOURS = "LongestRunHours"  # of the runs that are under way
HOURS_SINCE_RUN = "HoursSinceRun"  # since the last run that succeeded
FAILED_DESTINATIONS = "FailedDestinations"  # a run could not send to all destinations
STREAM_RECORDS = "StreamRecords"  # that StoreEvents stored
STREAM_BAD_RECORDS = "StreamBadRecords"  # of these: no events, or without customer or date
MOVES_OVER_LIMIT = "MovesOverLimit"  # moves of labels left to the next run, beyond a limit
UNHEALTHY_SOURCES = "UnhealthySources"  # late, or with unusual rows, as of the last run
OPEN_ERASURE_DAYS = "OpenErasureDays"  # the age of the oldest erasure that is open
EVENT_SOURCE = "tessera"  # EventBridge source of "Run Finished", "Run Failed", "Label Moved"
RUN_FINISHED = "Run Finished"
LABEL_MOVED = "Label Moved"

_TENANT = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?")


# ---- tenants and uploads -------------------------------------------------------------------


def check_tenant(tenant: str) -> str:
    """Return the tenant, or raise InvalidInput that says what a tenant may be called."""
    if _TENANT.fullmatch(tenant) is None:
        raise InvalidInput(
            f"tenant {tenant!r} is not a valid name: use 1 to 48 lower-case letters, digits and "
            "hyphens, beginning and ending with a letter or digit"
        )
    if tenant == ATTRIBUTES_FOLDER:
        raise InvalidInput(
            f"tenant {tenant!r} is not allowed: {UPLOADS}{ATTRIBUTES_FOLDER}/ holds the default "
            "tenant's customer attributes; choose another name"
        )
    return tenant


def is_tenant(name: str) -> bool:
    """Return whether a tenant may be called so."""
    try:
        check_tenant(name)
    except InvalidInput:
        return False
    return True


def upload_tenant(key: str) -> str:
    """Return whose upload a key is: ``uploads/x.csv`` is the default tenant's."""
    parts = PurePosixPath(key.removeprefix(UPLOADS)).parts
    if not key.startswith(UPLOADS) or not parts:
        raise InvalidInput(f"{key!r} is not an upload: its key must begin with {UPLOADS!r}")
    if len(parts) == 1 or parts[0] == ATTRIBUTES_FOLDER:
        return DEFAULT_TENANT
    return check_tenant(parts[0])


def holds_attributes(key: str) -> bool:
    """Return whether an upload holds customer attributes: its folder is ``attributes``.

    The folder is ``uploads/attributes/`` or ``uploads/<tenant>/attributes/``.
    """
    parts = PurePosixPath(key.removeprefix(UPLOADS)).parts
    return ATTRIBUTES_FOLDER in parts[:-1][:2]


def is_parquet(name: str) -> bool:
    """Return whether a file of this name is a Parquet file."""
    return name.lower().endswith(_PARQUET)


def is_data(name: str) -> bool:
    """Return whether a file of this name is data: it begins with neither ``_`` nor ``.``."""
    return name[0] not in "_."


def upload_folder(key: str) -> str | None:
    """Return the folder of an upload of many parts, None for a single file.

    ``uploads/<tenant>/<folder>/part-1.csv`` is one part. The folder's upload is complete when
    ``uploads/<tenant>/<folder>/_SUCCESS`` arrives. Files of attributes come one by one.
    """
    if holds_attributes(key):
        return None
    parts = PurePosixPath(key.removeprefix(UPLOADS)).parts
    return None if len(parts) < 3 else UPLOADS + "/".join(parts[:-1]) + "/"


# ---- sources: what arrives by itself becomes an upload folder --------------------------------

STREAM = "stream"  # the source whose folders are days: ``stream-2026-11-29``
UPLOADED = "uploads"  # the source of what people upload
WAREHOUSE_ORDERS = "redshift-orders"  # the upload folder of what a warehouse hands back
_DAY_OF_STREAM = re.compile(rf"{STREAM}-\d{{4}}-\d\d-\d\d")
SNOWFLAKE_ORDERS = "snowflake-orders"  # the upload folder that a task in Snowflake fills
_SOURCE = re.compile(
    r"(?:database|crm)-.+|(?:shopify|woocommerce|stripe|redshift|snowflake)-orders"
)


def pulled_folder(connector: str) -> str:
    """Return the upload folder of a shop that is read directly, such as ``shopify-orders``."""
    return f"{connector}-orders"


def source_folder(tenant: str, name: str) -> str:
    """Return the upload folder that a source fills, the default tenant's too.

    Raises
    ------
    InvalidInput
        The name cannot be a folder of an upload.
    """
    if not name or not is_data(name) or "/" in name or not name.isprintable():
        raise InvalidInput(
            f"the upload folder {name!r} is not a valid name: use letters, digits and hyphens"
        )
    if name == ATTRIBUTES_FOLDER:
        raise InvalidInput(
            f"the upload folder {name!r} holds customer attributes: choose another name"
        )
    return f"{UPLOADS}{check_tenant(tenant)}/{name}/"


def upload_source(upload_name: str) -> str:
    """Return the source of an upload by its name: what its figures are compared with.

    A source's uploads are ``stream``, ``database-<table>``, ``crm-<object>`` and
    ``<connector>-orders``. All that people upload is one source, ``uploads``.
    """
    parts = PurePosixPath(upload_name.removeprefix(UPLOADS)).parts
    if not upload_name.endswith("/") or len(parts) != 2:
        return UPLOADED
    if _DAY_OF_STREAM.fullmatch(parts[1]):
        return STREAM
    return parts[1] if _SOURCE.fullmatch(parts[1]) else UPLOADED


def stream_day(upload_name: str) -> dt.date | None:
    """Return the day of the stream that an upload is. None for any other upload."""
    if upload_source(upload_name) != STREAM:
        return None
    return dt.date.fromisoformat(upload_name.rstrip("/")[-len("2026-11-29") :])


# ---- keys in the data bucket -----------------------------------------------------------------


def tenant_prefix(tenant: str) -> str:
    """Return where everything of a tenant lies, in both buckets."""
    return f"{TENANTS}{tenant}/"


def settings_key(tenant: str) -> str:
    """Return the key of a tenant's own settings (TOML). The stage's defaults fill the rest."""
    return f"{tenant_prefix(tenant)}settings.toml"


def settings_versions_prefix(tenant: str) -> str:
    """Return where each version of a tenant's settings is, with who saved it."""
    return f"{tenant_prefix(tenant)}settings/"


def sources_prefix(tenant: str) -> str:
    """Return where a tenant's mapping files are, and what its sources were last curated to."""
    return f"{tenant_prefix(tenant)}sources/"


def source_mappings_key(tenant: str, kind: str) -> str:
    """Return the key of a tenant's mapping file (TOML): of its ``database``, or its ``crm``."""
    return f"{sources_prefix(tenant)}{kind}.toml"


def curate_record_key(tenant: str, source: str) -> str:
    """Return the key of what a source was last curated to."""
    return f"{sources_prefix(tenant)}{source}.json"


def templates_prefix(tenant: str, template_id: str = "") -> str:
    """Return where e-mail templates are: all of a tenant's, or one of them."""
    return f"{tenant_prefix(tenant)}templates/" + (f"{template_id}/" if template_id else "")


TEMPLATE_DRAFTS = "drafts/"  # in a template's folder: each version of its draft, with who saved it


def published_template_key(tenant: str, template_id: str, number: int) -> str:
    """Return the key of a published version of a template, which campaigns send."""
    return f"{templates_prefix(tenant, template_id)}v{number}.json"


def brand_prefix(tenant: str) -> str:
    """Return where each version of a tenant's brand kit is, with who saved it."""
    return f"{tenant_prefix(tenant)}brand/"


def events_prefix(tenant: str, upload_id: str = "") -> str:
    """Return where canonical events lie: all of a tenant's, or one upload's."""
    return f"{tenant_prefix(tenant)}events/" + (f"upload={upload_id}/" if upload_id else "")


UPLOAD_POINTER = "_upload.json"  # in an upload's folder: which content of it counts
PENDING_UPLOAD = "_pending.json"  # below events_prefix: the content that a run stores
MERGED = "merged-"  # how the names of parts that a stream's parts were merged to begin
MERGED_PARTS = "_merged.json"  # in the same folder: what they were merged of
OPEN_PARTS = "streams/open/"  # marks of a stream's parts whose folder is not closed since


def erased_prefix(tenant: str) -> str:
    """Return where the marks of a tenant's erased people are: a file for each erasure."""
    return f"{tenant_prefix(tenant)}erased/"


# The files of an erasure's folder that more than the erasure itself knows.
ERASURE_STATE, ERASURE_RECEIPT, ERASURE_REQUEST = "state.json", "receipt.json", "request.json"


def erasures_prefix(tenant: str) -> str:
    """Return where a tenant's erasures are, a folder for each case, in both buckets."""
    return f"{tenant_prefix(tenant)}erasures/"


def labels_prefix(tenant: str) -> str:
    """Return where the rules and the written states' digests of a tenant's live labels are."""
    return f"{tenant_prefix(tenant)}labels/"


def label_rules_key(tenant: str) -> str:
    """Return the key of the rules by which customers are labelled until the next run."""
    return f"{labels_prefix(tenant)}label_rules.json"


def stream_folder(day: str) -> str:
    """Return what a stream's upload folder of a day is called."""
    return f"{STREAM}-{day}"


def open_part_key(tenant: str, folder: str, part: str) -> str:
    """Return the key of the mark of one part."""
    return f"{OPEN_PARTS}{tenant}/{folder}/{part}"


def open_folder(key: str) -> tuple[str, str]:
    """Return the tenant and the folder of a mark."""
    tenant, folder, _ = key.removeprefix(OPEN_PARTS).split("/")
    return tenant, folder


def warehouse_prefix(tenant: str) -> str:
    """Return where the warehouse has what it loads a tenant's folders by, and what it unloaded."""
    return f"{tenant_prefix(tenant)}warehouse/"


def warehouse_manifest(tenant: str, folder: str) -> str:
    """Return the key of the list of files by which the warehouse loads an upload folder."""
    return f"{warehouse_prefix(tenant)}{folder}.manifest"


def unloaded_orders_key(tenant: str) -> str:
    """Return the key of what the warehouse last handed back of a tenant's orders."""
    return f"{warehouse_prefix(tenant)}{WAREHOUSE_ORDERS}.json"


def attributes_prefix(tenant: str, upload_id: str = "") -> str:
    """Return where what is known of customers lies: all of a tenant's, or one upload's."""
    return f"{tenant_prefix(tenant)}attributes/" + (f"upload={upload_id}/" if upload_id else "")


def profiles_prefix(tenant: str) -> str:
    """Return where all profiles of a tenant lie, partitioned by as_of and run."""
    return f"{tenant_prefix(tenant)}profiles/"


def profiles_partition(as_of: str, run_id: str) -> str:
    """Return a run's folder under ``profiles_prefix``."""
    return f"as_of={as_of}/run={run_id}/"


def transitions_prefix(tenant: str) -> str:
    """Return where all transitions of a tenant lie, partitioned as profiles are."""
    return f"{tenant_prefix(tenant)}transitions/"


def model_cards_prefix(tenant: str) -> str:
    """Return where all report cards of a tenant lie, partitioned as profiles are."""
    return f"{tenant_prefix(tenant)}model_cards/"


REMOVALS = "removals/"  # in the data bucket: receipts, which no tenant can read
LATEST_RUNS = "latest_runs/"  # in the data bucket: a table with a file for each tenant


def latest_run_key(tenant: str) -> str:
    """Return the key of a tenant's row in the catalogued table of latest runs."""
    return f"{LATEST_RUNS}{tenant}.csv"


def removal_key(case: str) -> str:
    """Return the key of the receipt of a tenant's removal."""
    return f"{REMOVALS}{case}.json"


def latest_key(tenant: str) -> str:
    """Return the key of the pointer to a tenant's last successful run."""
    return f"{tenant_prefix(tenant)}latest.json"


def runs_prefix(tenant: str) -> str:
    """Return where a tenant's runs leave their files."""
    return f"{tenant_prefix(tenant)}runs/"


def run_prefix(tenant: str, run_id: str) -> str:
    """Return where a run's own files lie (in the identities bucket too)."""
    return f"{runs_prefix(tenant)}{run_id}/"


def run_key(tenant: str, run_id: str, name: str) -> str:
    """Return the key of one file of a run. The names in use are constants of this module."""
    return run_prefix(tenant, run_id) + name


TICKET = "ticket.json"  # what the run is: tenant, upload, settings. Written by CheckUpload
PREPARE_RECORD = "prepare.json"  # counts, as_of, currency, timings. Written by Prepare
CUSTOMERS = "customers/"  # the customer summary, Parquet. Written by Prepare
FEATURES = "features/"  # distinct (R, F, M) with their number of customers. Written by Prepare
BEHAVIOUR_DAYS = "behaviour_days/"  # what a sample of buyers did by day. Written by Prepare
DETAILS = "details/"  # what Prepare writes of customers beside the summary: one input of Score
SUBSCRIPTIONS = DETAILS + "subscriptions/"  # who subscribed when, and until when
SUBSCRIPTIONS_BEFORE = "subscriptions/"  # the same in runs of earlier versions
CUSTOMER_PRODUCTS = DETAILS + "customer_products/"  # who bought which product
PREVIOUS = "previous/"  # what the run before published, and its history today. Written by Prepare
PREVIOUS_RECORD = PREVIOUS + "previous.json"
ATTRIBUTES = "attributes/"  # what is known of customers until as_of. Written by Prepare
CHURN = "churn/"  # SageMaker puts <job>/output/model.tar.gz with churn.json below it
FORECASTS = "forecasts/"  # SageMaker puts <job>/output/model.tar.gz with forecasts.json below it
MODEL = "model/"  # SageMaker puts <job>/output/model.tar.gz below it
SCORE = "score/"  # score.json: thresholds, bins, clusters, segment statistics. Written by Score
SCORE_RECORD = SCORE + "score.json"
SUMMARY = "summary.json"
INSIGHTS = "insights.json"  # what the API and the console show. Written by FinishRun
MANIFEST = "manifest.json"
REPORT = "report.html"
REJECTED_LINES = "rejects.json"  # which rows were refused, without their content. By Prepare
ERROR = "error.json"

# ---- keys in the identities bucket -------------------------------------------------------------


def identities_prefix(tenant: str, upload_id: str = "") -> str:
    """Return where identities lie: all of a tenant's, or those that one upload brought."""
    return f"{tenant_prefix(tenant)}identities/" + (f"upload={upload_id}/" if upload_id else "")


def order_ids_prefix(tenant: str, upload_id: str = "") -> str:
    """Return where readable order ids are: all of a tenant's, or those that one upload brought."""
    return f"{tenant_prefix(tenant)}order_ids/" + (f"upload={upload_id}/" if upload_id else "")


def search_prefix(tenant: str, upload_id: str = "") -> str:
    """Return where the index of identities is: all of a tenant's, or one upload's.

    The number is that of its form. An index of another form is as good as none.
    """
    return f"{tenant_prefix(tenant)}search/v1/" + (f"upload={upload_id}/" if upload_id else "")


def upload_identities_prefixes(tenant: str) -> tuple[str, ...]:
    """Return where all is that uploads bring into the identities bucket."""
    return identities_prefix(tenant), search_prefix(tenant), order_ids_prefix(tenant)


def crm_exports_prefix(tenant: str, name: str) -> str:
    """Return where exports of a CRM's object arrive: a folder each day (identities bucket)."""
    return f"{tenant_prefix(tenant)}crm/{name}/"


def crm_raw_prefix(tenant: str, name: str) -> str:
    """Return where the change files of a CRM's object are (identities bucket)."""
    return f"{raw_prefix(tenant, 'crm')}{name}/"


def raw_prefix(tenant: str, source: str) -> str:
    """Return where a source's own files are, from which its upload is made."""
    return f"{tenant_prefix(tenant)}raw/{source}/"


REJECTS = "rejects.csv.gz"  # the rows that were refused, as they came


def destination_prefix(tenant: str, run_id: str, destination: str) -> str:
    """Return where a run's files for one destination lie (identities bucket)."""
    return f"{run_prefix(tenant, run_id)}destinations/{destination}/"


SEGMENTS = "segments.json"  # in the ledger's folder: those that the last run left there
LOAD_RECORD = "load.json"  # what MapSchema found: counts, parts, segments
LOAD_REPORT = "report.json"  # what the destination made of it. Written by EnsureSegments
AT_ONCE = "at_once.json"  # the files that the destination fetched itself, at the last attempt
STAGING = "staging/"  # batches on their way, for a destination that fetches them
REFUSED = "refused.csv"  # the customers that the destination rejected, with its messages
IMPORTS = "imports/"  # files that a destination reads by itself, each gone when it has
RECIPIENTS = "recipients.json"  # how many recipients each segment's file has, for who sends
OWNED = "addresses.bin"  # marks of the addresses that the run's customers have


def import_part(number: int | None = None) -> str:
    """Return the name of a file of customers to send, or without a number the pattern of all."""
    return f"part-{'*' if number is None else f'{number:05d}'}.jsonl"


def ledger_prefix(tenant: str, destination: str) -> str:
    """Return where the record of what a destination acknowledged lies (identities bucket)."""
    return f"{tenant_prefix(tenant)}destinations/{destination}/ledger/"


LEDGER_JOURNAL = "journal/"  # in the ledger's folder: what loads added since it was folded
LEDGER_TARGET = "target.json"  # in the ledger's folder: whose acknowledgements these are
LEDGER_MOVES = "moves.json"  # in the ledger's folder: what single moves build on
LEDGER_TURNS = "turns/"  # in the ledger's folder: who may send single moves at the moment
CONTENTS = "contents/"  # of a run and destination: every customer's content, for single moves


def campaign_run_prefix(tenant: str, run_id: str) -> str:
    """Return where a campaign run's frozen audience is (identities bucket)."""
    return f"{tenant_prefix(tenant)}campaigns/{run_id}/"


CAMPAIGN_EXITS = "exits.json"  # in a run's folder: who lost the label that it is about
CAMPAIGN_TAKEN = "taken.parquet"  # in a run's folder: who it took, without addresses


def receivers_prefix(tenant: str) -> str:
    """Return where a tenant's uploaded lists of receivers are (identities bucket)."""
    return f"{tenant_prefix(tenant)}campaigns/lists/"


def receivers_key(tenant: str, name: str) -> str:
    """Return the key of an uploaded list of receivers (identities bucket)."""
    return f"{receivers_prefix(tenant)}{name}.csv"


def consent_import_key(tenant: str, import_id: str) -> str:
    """Return the key of an uploaded file of consents (identities bucket)."""
    return f"{tenant_prefix(tenant)}consent/{import_id}.csv"


def consent_report_key(tenant: str, import_id: str) -> str:
    """Return the key of what an import of consents came to (data bucket)."""
    return f"{tenant_prefix(tenant)}consent/{import_id}.json"


def campaign_results_key(tenant: str, campaign: str) -> str:
    """Return the key of what a campaign changed, as last measured (data bucket)."""
    return f"{tenant_prefix(tenant)}campaigns/{campaign}/results.json"


def quarter_results_key(tenant: str, quarter: str) -> str:
    """Return the key of what all campaigns of a quarter changed (data bucket).

    Its folder is no campaign's: their ids have no full stop.
    """
    return campaign_results_key(tenant, f"global.{quarter}")


def campaign_engagement_key(tenant: str, campaign: str) -> str:
    """Return the key of how people react to a campaign's messages (data bucket)."""
    return f"{tenant_prefix(tenant)}campaigns/{campaign}/engagement.json"


def campaign_targets_key(tenant: str, campaign: str) -> str:
    """Return the key of who reacts to a campaign, as last learnt (data bucket)."""
    return f"{tenant_prefix(tenant)}campaigns/{campaign}/targets.json"


def run_figures_key(tenant: str, run_id: str) -> str:
    """Return the key of a run's figures, as last measured (data bucket)."""
    return f"{tenant_prefix(tenant)}campaigns/{run_id}/figures.json"


def handovers_prefix(tenant: str) -> str:
    """Return where campaigns' runs are whose audience a destination gets (data bucket)."""
    return f"{tenant_prefix(tenant)}handovers/"


def handover_key(tenant: str, run_id: str) -> str:
    """Return the key of one run's handover (data bucket)."""
    return f"{handovers_prefix(tenant)}{run_id}.json"


def simulated_purchases_key(tenant: str, campaign: str) -> str:
    """Return the key of purchases that the local simulator made up (data bucket)."""
    return f"{tenant_prefix(tenant)}campaigns/{campaign}/simulated_purchases.parquet"


# ---- how long objects are kept -------------------------------------------------------------------

EXPIRES = "tessera-expires"  # the tag by which a bucket's rules know what to remove, and when
RUN_FILE, REJECTED_ROWS, RAW_FILE = "run-file", "rejected-rows", "raw-file"
SERVICE_WRITTEN = (MODEL, FORECASTS, CHURN, SCORE)  # folders that SageMaker fills, without tags
_RUN_FILE = re.compile(r"tenants/[^/]+/runs/[^/]+/(?:.*/)?([^/]+)")
# A connector's cursor goes with what it pulled, so that it begins again. Copies of exports stay: no
# fold renews them, and the export may be gone.
_RAW_FILE = re.compile(r"tenants/[^/]+/raw/(?!crm/).+(?:\.parquet|/cursor\.json)")


def expiry_tag(key: str) -> str:
    """Return the value of the tag ``EXPIRES`` for a key, empty for what is kept.

    Only a run's own files and a source's raw ones expire. Each fold of a source renews what it
    needs of those. Events, identities, ledgers and the catalogued tables stay.
    """
    if _RAW_FILE.fullmatch(key):
        return RAW_FILE
    file = _RUN_FILE.fullmatch(key)
    if file is None:
        return ""
    return REJECTED_ROWS if file[1] in {REJECTS, REFUSED} else RUN_FILE


# ---- parts of a stage that another one calls by name ---------------------------------------------


def curate_job(stage: str) -> str:
    """Return the name of the job that makes an upload of a source's files."""
    return f"tessera-{stage}-curate"


def crm_machine(stage: str) -> str:
    """Return the name of the state machine that curates the objects of a CRM."""
    return f"tessera-{stage}-crm"


def database_machine(stage: str) -> str:
    """Return the name of the state machine that reads a database, and of DMS' replication."""
    return f"tessera-{stage}-database"


def campaigns_machine(stage: str) -> str:
    """Return the name of the state machine that plans and sends campaigns."""
    return f"tessera-{stage}-campaigns"


def erasures_machine(stage: str) -> str:
    """Return the name of the state machine that erases people."""
    return f"tessera-{stage}-erasures"


def pulls_machine(stage: str) -> str:
    """Return the name of the state machine that pulls shops."""
    return f"tessera-{stage}-pulls"


def campaign_function(stage: str, folder: str) -> str:
    """Return the name of a function of campaigns by its folder, such as ``count_audience``."""
    return f"tessera-{stage}-{folder.replace('_', '-')}"


def catalog_database(stage: str) -> str:
    """Return the name of a stage's database in the Glue catalog."""
    return f"tessera_{stage.replace('-', '_')}"


def removals_machine(stage: str) -> str:
    """Return the name of the state machine that removes tenants."""
    return f"tessera-{stage}-removals"


def write_keys_table(stage: str) -> str:
    """Return the name of the table with the write-only keys of pages."""
    return f"tessera-{stage}-write-keys"


def warehouse(stage: str) -> str:
    """Return the name of the namespace and workgroup of the warehouse."""
    return f"tessera-{stage}"


def labels_table(stage: str) -> str:
    """Return the name of the table of live labels."""
    return f"tessera-{stage}-labels"


def event_stream(stage: str) -> str:
    """Return the name of the stream that producers put events on."""
    return f"tessera-{stage}-events"


# ---- secrets -----------------------------------------------------------------------------------


def destination_secret(stage: str, destination: str, *, tenant: str = DEFAULT_TENANT) -> str:
    """Return the secret with a tenant's key for a destination: no shop uses another's account."""
    name = f"tessera/{stage}/destinations/{destination}"
    return name if tenant == DEFAULT_TENANT else f"{name}/{tenant}"


def source_secret(stage: str, name: str, *, tenant: str = DEFAULT_TENANT) -> str:
    """Return the secret with a tenant's key for a source, such as a shop's or a database's."""
    secret = f"tessera/{stage}/sources/{name}"
    return secret if tenant == DEFAULT_TENANT else f"{secret}/{tenant}"


def receipt_key(stage: str) -> str:
    """Return the alias of the key that signs receipts of erasures."""
    return f"alias/tessera-{stage}-receipts"


def snowflake_key(stage: str) -> str:
    """Return the alias of the key that signs a stage's tokens for Snowflake."""
    return f"alias/tessera-{stage}-snowflake"


def endpoint_variable(destination: str) -> str:
    """Return the environment variable that overrides a destination's base URL, for stand-ins."""
    return f"TESSERA_ENDPOINT_{destination.upper()}"


# ---- segment names -----------------------------------------------------------------------------


def segment_name(label: str, *, allowed: str = "A-Za-z0-9_-", limit: int = 64) -> str:
    """Return a label's segment name at a destination: the prefix, then what is allowed there.

    Parameters
    ----------
    label
        A segment's label, such as "Can't Lose Them".
    allowed
        The characters that the destination accepts, as inside a regular expression's brackets.
    limit
        The longest name that the destination accepts.

    Returns
    -------
    str
        For example ``_RFM_Cant_Lose_Them``.

    Raises
    ------
    InvalidInput
        Nothing of the label is left, or the name would be too long.
    """
    kept = re.sub(rf"[^{allowed}]+", "_", label.replace("'", "").replace("’", "")).strip("_")
    name = SEGMENT_PREFIX + kept
    if not kept or len(name) > limit:
        raise InvalidInput(
            f"segment {label!r} has no valid name at the destination: {name!r} must keep at least "
            f"one of [{allowed}] and be at most {limit} characters; rename it in the definition"
        )
    return name


def segment_names(
    labels: Iterable[str], name: Callable[[str], str] = segment_name
) -> dict[str, str]:
    """Return each label's segment name. Two labels that would share one are an error."""
    names: dict[str, str] = {}
    for label in labels:
        new = name(label)
        other = next((known for known, taken in names.items() if taken == new), None)
        if other is not None:
            raise InvalidInput(
                f"segments {other!r} and {label!r} would both be called {new!r} at the "
                "destination; rename one in the definition"
            )
        names[label] = new
    return names


def cluster_label(rank: int) -> str:
    """Return the label of a K-Means cluster by its rank, 1 being the most valuable."""
    return f"Cluster {rank}"

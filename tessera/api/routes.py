"""The one table of the API's routes: the app, docs/api.md and the tests of isolation follow it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from tessera.api.campaign_routes import CAMPAIGN_ROUTES
from tessera.api.documents import access, customers, insights, runs, settings, templates
from tessera.api.erasure_routes import ERASURE_ROUTES
from tessera.api.operator_routes import OPERATOR_ROUTES
from tessera.api.route import CSV, Route, read_route
from tessera.records.insights.insights import Insights

_INSIGHTS = (
    dataclasses.replace(
        read_route("/v1/me", "me", "Who asks, and what they may do", access.Me), scope="self:read"
    ),
    read_route("/v1/insights", "insights", "Everything that a run says of its customers", Insights),
    read_route(
        "/v1/segment-statistics",
        "segment_statistics",
        "The groups of a segment set in numbers; as CSV with `Accept: text/csv`",
        insights.SegmentStatistics,
    ),
    dataclasses.replace(
        read_route("/v1/segment-statistics.csv", "segment_statistics_csv", "The same as CSV", str),
        media=CSV,
        key_in_query=True,
    ),
    read_route(
        "/v1/segments", "segments", "Every segment set with its groups", insights.SegmentList
    ),
    read_route(
        "/v1/transitions",
        "transitions",
        "Who moved in a segment set since the previous run, and why",
        insights.TransitionList,
    ),
    read_route("/v1/cohorts", "cohorts", "Who comes back how much later", insights.CohortList),
    read_route(
        "/v1/report-card",
        "report_card",
        "How far each forecast can be trusted",
        insights.ForecastReport,
    ),
    read_route("/v1/trends", "trends", "Sizes and money over runs", insights.TrendLine),
    read_route(
        "/v1/products",
        "products",
        "What customers buy, where the data has it; as CSV with `Accept: text/csv`",
        insights.ProductList,
    ),
    read_route(
        "/v1/destinations",
        "destinations",
        "What each destination was sent and holds",
        insights.DestinationList,
    ),
    read_route(
        "/v1/sources",
        "sources",
        "Where uploads come from, and whether each is late or unusual",
        insights.SourceList,
    ),
    read_route("/v1/runs", "runs", "The runs, the newest first", runs.RunList),
    read_route("/v1/runs/{run_id}", "run", "One run: states, rows, cost, failure", runs.RunDetail),
    read_route(
        "/v1/runs/{run_id}/rejects",
        "rejects",
        "Refused rows with line and reason, without their content",
        runs.RejectList,
    ),
)
_CUSTOMERS = (
    Route(
        method="GET",
        path="/v1/customers",
        name="customers",
        scope="customers:read",
        does="Customers by key, a page at a time, with filters",
        answers=customers.CustomerPage,
    ),
    Route(
        method="GET",
        path="/v1/customers.csv",
        name="customers_csv",
        scope="customers:read",
        does="The same as CSV; the header `Link` has the next page",
        answers=str,
        media=CSV,
    ),
    Route(
        method="POST",
        path="/v1/customers/search",
        name="search_customers",
        scope="customers:read",
        does="Find customers by the shop's id or an address",
        answers=customers.CustomerMatches,
        takes=customers.CustomerSearch,
    ),
    Route(
        method="GET",
        path="/v1/customers/{customer_key}",
        name="customer",
        scope="customers:read",
        does="One customer, and why the customer has these labels",
        answers=customers.CustomerDetail,
    ),
    Route(
        method="GET",
        path="/v1/customers/{customer_key}/labels",
        name="customer_labels",
        scope="customers:read",
        does="The customer's segment over the last 12 runs, and why it changed",
        answers=customers.LabelHistory,
    ),
)
_RUNS = (
    Route(
        method="GET",
        path="/v1/uploads",
        name="uploads",
        scope="runs:write",
        does="The files in the folder of uploads",
        answers=runs.UploadList,
    ),
    Route(
        method="POST",
        path="/v1/uploads",
        name="create_upload",
        scope="runs:write",
        does="Where to send a file of this name and size",
        answers=runs.UploadTarget,
        takes=runs.UploadRequest,
        status=201,
        creates=True,
        judges="The name is no file that a run reads.",
    ),
    Route(
        method="POST",
        path="/v1/runs",
        name="start_run",
        scope="runs:write",
        does="Start a run of today, or read an upload again",
        answers=runs.StartedRun,
        takes=runs.StartRun,
        status=202,
        creates=True,
    ),
    Route(
        method="POST",
        path="/v1/runs/{run_id}/approve",
        name="approve_run",
        scope="runs:write",
        does="Let a run that waits go on",
        answers=runs.RunState,
        takes=runs.RunDecision,
    ),
    Route(
        method="POST",
        path="/v1/runs/{run_id}/reject",
        name="reject_run",
        scope="runs:write",
        does="Stop a run that waits",
        answers=runs.RunState,
        takes=runs.RunDecision,
    ),
)
_SEGMENTS = (
    Route(
        method="GET",
        path="/v1/segment-sets",
        name="segment_sets",
        scope="insights:read",
        does="The definitions of all segment sets",
        answers=settings.SetDocumentList,
    ),
    Route(
        method="GET",
        path="/v1/segment-sets/{name}",
        name="segment_set",
        scope="insights:read",
        does="The definition of one segment set",
        answers=settings.SavedSet,
    ),
    Route(
        method="PUT",
        path="/v1/segment-sets/{name}",
        name="save_segment_set",
        scope="segments:write",
        does="Save a segment set, which the next run computes",
        answers=settings.SavedSet,
        takes=settings.SetChange,
        judges="The definition is one that no run could use.",
    ),
    Route(
        method="GET",
        path="/v1/segment-sets/{name}/destinations",
        name="set_destinations",
        scope="insights:read",
        does="Which destinations get a set's segments with the next run",
        answers=settings.SetDestinations,
    ),
    Route(
        method="PUT",
        path="/v1/segment-sets/{name}/destinations",
        name="save_set_destinations",
        scope="segments:write",
        does="Choose which of the tenant's destinations get a set's segments",
        answers=settings.SetDestinations,
        takes=settings.SetDestinationsChange,
        judges="A destination is unknown, or cannot take the set.",
    ),
    Route(
        method="POST",
        path="/v1/segment-sets/count",
        name="count_segment_set",
        scope="segments:write",
        does="What a definition would come to with the customers of a run",
        answers=settings.SetCount,
        takes=settings.CountRequest,
        judges="The definition is one that no run could use.",
    ),
)
_NO_FORM = "It has not the form of a template."
_TEMPLATES = (
    Route(
        method="GET",
        path="/v1/templates",
        name="templates",
        scope="campaigns:write",
        does="The e-mail templates, by id",
        answers=templates.TemplateList,
    ),
    Route(
        method="GET",
        path="/v1/templates/{template_id}",
        name="template",
        scope="campaigns:write",
        does="A template's draft, and what is wrong with it",
        answers=templates.CheckedTemplate,
    ),
    Route(
        method="PUT",
        path="/v1/templates/{template_id}",
        name="save_template",
        scope="campaigns:write",
        does="Save a template's draft; version 0 makes a new template",
        answers=templates.CheckedTemplate,
        takes=templates.TemplateChange,
        judges=_NO_FORM,
    ),
    Route(
        method="POST",
        path="/v1/templates/{template_id}/publish",
        name="publish_template",
        scope="campaigns:write",
        does="Publish a draft as the version that campaigns send",
        answers=templates.CheckedTemplate,
        takes=templates.PublishRequest,
        judges="The draft has errors, each with block and field.",
    ),
    Route(
        method="POST",
        path="/v1/templates/{template_id}/duplicate",
        name="duplicate_template",
        scope="campaigns:write",
        does="Make a new template with this one's draft",
        answers=templates.CheckedTemplate,
        takes=templates.DuplicateRequest,
        status=201,
        creates=True,
    ),
    Route(
        method="POST",
        path="/v1/templates/{template_id}/preview",
        name="preview_template",
        scope="customers:read",
        does="A draft as one customer would get it, or with sample values",
        answers=templates.MessagePreview,
        takes=templates.PreviewRequest,
        judges="A field is unknown, or the draft cannot be rendered.",
    ),
    Route(
        method="GET",
        path="/v1/templates/{template_id}/export",
        name="export_template",
        scope="campaigns:write",
        does="A template's draft for another shop",
        answers=templates.TemplateExport,
    ),
    Route(
        method="POST",
        path="/v1/templates/{template_id}/import",
        name="import_template",
        scope="campaigns:write",
        does="Make a new template of an exported one",
        answers=templates.CheckedTemplate,
        takes=templates.TemplateExport,
        status=201,
        creates=True,
        judges=_NO_FORM,
    ),
    Route(
        method="GET",
        path="/v1/brand",
        name="brand",
        scope="campaigns:write",
        does="The brand kit of all templates",
        answers=templates.BrandDocument,
    ),
    Route(
        method="PUT",
        path="/v1/brand",
        name="save_brand",
        scope="campaigns:write",
        does="Save the brand kit; what is published keeps its own",
        answers=templates.BrandDocument,
        takes=templates.BrandChange,
        judges="A field is wrong, or two colours contrast too little.",
    ),
)
_ADMINISTRATION = (
    Route(
        method="GET",
        path="/v1/settings",
        name="settings",
        scope="settings:write",
        does="The tenant's settings",
        answers=settings.SettingsDocument,
    ),
    Route(
        method="PUT",
        path="/v1/settings",
        name="save_settings",
        scope="settings:write",
        does="Save the tenant's settings, checked like the file",
        answers=settings.SettingsDocument,
        takes=settings.SettingsChange,
        judges="A setting is one that no run could use.",
    ),
    Route(
        method="GET",
        path="/v1/keys",
        name="keys",
        scope="keys:write",
        does="The API keys, without their secrets",
        answers=access.KeyList,
    ),
    Route(
        method="POST",
        path="/v1/keys",
        name="create_key",
        scope="keys:write",
        does="Make an API key; its text is shown this once",
        answers=access.CreatedKey,
        takes=access.KeyRequest,
        status=201,
        creates=True,
    ),
    Route(
        method="DELETE",
        path="/v1/keys/{key_id}",
        name="revoke_key",
        scope="keys:write",
        does="Revoke an API key",
        answers=None,
        status=204,
    ),
    Route(
        method="GET",
        path="/v1/write-keys",
        name="write_keys",
        scope="keys:write",
        does="The write-only keys of pages, without their secrets",
        answers=access.WriteKeyList,
    ),
    Route(
        method="POST",
        path="/v1/write-keys",
        name="create_write_key",
        scope="keys:write",
        does="Make a write-only key for a page; its text is shown this once",
        answers=access.CreatedWriteKey,
        takes=access.WriteKeyRequest,
        status=201,
        creates=True,
    ),
    Route(
        method="DELETE",
        path="/v1/write-keys/{key_id}",
        name="revoke_write_key",
        scope="keys:write",
        does="Revoke a page's write-only key",
        answers=None,
        status=204,
    ),
    Route(
        method="GET",
        path="/v1/users",
        name="users",
        scope="keys:write",
        does="The users and their roles",
        answers=access.UserList,
    ),
)
ROUTES = (
    *_INSIGHTS, *_CUSTOMERS, *_RUNS, *_SEGMENTS, *_TEMPLATES, *CAMPAIGN_ROUTES, *_ADMINISTRATION,
    *ERASURE_ROUTES, *OPERATOR_ROUTES,
)  # fmt: skip
BY_NAME: Mapping[str, Route] = {route.name: route for route in ROUTES}

# An address without a placeholder is its own, whatever placeholder it would fit too.
_LITERAL: Mapping[str, frozenset[str]] = {
    path: frozenset(route.method for route in ROUTES if route.path == path)
    for path in {route.path for route in ROUTES if "{" not in route.path}
}
_PATTERNS = tuple(
    (re.compile(re.sub(r"\{\w+\}", "[^/]+", route.path.replace(".", r"\."))), route.method)
    for route in ROUTES
)


def methods_of(path: str) -> frozenset[str]:
    """Return the methods of an address. Empty for one that no route has."""
    fitting = frozenset(method for pattern, method in _PATTERNS if pattern.fullmatch(path))
    return _LITERAL.get(path, fitting)


def documents() -> tuple[Any, ...]:
    """Return every type that a request or an answer has."""
    named = [kind for route in ROUTES for kind in (route.answers, route.takes)]
    return tuple(dict.fromkeys(kind for kind in named if dataclasses.is_dataclass(kind)))

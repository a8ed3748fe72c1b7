"""Templates and the brand kit through the API: drafts, findings, versions, copies, previews."""

from __future__ import annotations

import pytest

from tessera import naming
from tessera.campaigns.templates.versions import read_version
from tests.lambdas.api.run_of_two import KEYS, TEMPLATE

ONCE = {"idempotency-key": "first-one"}
WELCOME = "/v1/templates/welcome"


@pytest.fixture
def token(world):
    return world.keys["acme", "marketer"]


def get(world, token, path):
    return world.call("GET", path, token=token)


def put(world, token, path, body):
    return world.call("PUT", path, token=token, body=body)


def post(world, token, path, body, headers=None):
    return world.call("POST", path, token=token, body=body, headers=headers)


def with_blocks(*blocks):
    return {**TEMPLATE, "blocks": [*blocks, *TEMPLATE["blocks"]]}


# ---- drafts --------------------------------------------------------------------------------------


def test_a_new_template_is_version_0_changed(world, token):
    body = {"version": 0, "name": "Spring", "template": TEMPLATE}
    made = put(world, token, "/v1/templates/spring", body).json
    assert (made["id"], made["version"], made["published"]) == ("spring", 1, None)
    assert made["saved_by"].startswith("key:")
    assert made["template"] == TEMPLATE
    listed = get(world, token, "/v1/templates").json["items"]
    assert [one["id"] for one in listed] == ["acme-own", "spring", "welcome"]


def test_a_draft_on_an_older_version_is_a_conflict_that_names_the_newer_one(world, token):
    body = {"version": 1, "name": "Welcome", "template": TEMPLATE}
    assert put(world, token, WELCOME, body).json["version"] == 2
    late = put(world, token, WELCOME, body)
    assert late.status == 409
    assert "based on version 1, and version 2 is in use" in late.json["detail"]


def test_every_version_of_a_draft_is_kept_with_who_saved_it(world, token):
    put(world, token, WELCOME, {"version": 1, "name": "Hello", "template": TEMPLATE})
    drafts = naming.templates_prefix("acme", "welcome") + naming.TEMPLATE_DRAFTS
    kept = [world.data.read_json(key) for key in world.data.keys(drafts)]
    assert [(one["name"], one["version"]) for one in kept] == [("Welcome", 1), ("Hello", 2)]
    assert kept[0]["saved_by"] != kept[1]["saved_by"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"template": {"version": 9}}, "version 9 is unknown"),
        ({"template": {**TEMPLATE, "blocks": [{"id": "a"}]}}, r"blocks[0]: a block has id, type"),
        ({"template": {**TEMPLATE, "colour": "red"}}, "unknown member 'colour'"),
        ({"name": ""}, "1 to 100 characters"),
        ({"note": "x"}, "note"),
    ],
)
def test_what_has_not_the_form_of_a_template_is_refused(world, token, change, says):
    reply = put(world, token, WELCOME, {"version": 1, "name": "x", "template": TEMPLATE} | change)
    assert reply.status == 422
    assert says in reply.json["detail"]


@pytest.mark.parametrize("name", ["Spring", "a_b", "-a", "x" * 49])
def test_an_id_has_an_exact_form(world, token, name):
    body = {"version": 0, "name": "x", "template": TEMPLATE}
    assert put(world, token, f"/v1/templates/{name}", body).status == 422


def test_a_half_made_draft_is_saved_with_its_findings(world, token):
    image = {"id": "image-1", "type": "image", "fields": {"alt": ""}}
    body = {"version": 1, "name": "Welcome", "template": with_blocks(image)}
    saved = put(world, token, WELCOME, body)
    assert saved.status == 200
    wrong = [(one["block"], one["field"], one["rule"]) for one in saved.json["findings"]]
    assert ("image-1", "alt", "alt") in wrong
    assert get(world, token, WELCOME).json == saved.json


# ---- publishing ----------------------------------------------------------------------------------


def test_publishing_keeps_the_draft_and_the_brand_kit(world, token):
    done = post(world, token, f"{WELCOME}/publish", {"version": 1}).json["published"]
    assert (done["number"], done["published_by"][:4]) == (1, "key:")
    put(world, token, WELCOME, {"version": 1, "name": "Hello", "template": with_blocks()})
    kept = read_version(world.data.read_json(naming.published_template_key("acme", "welcome", 1)))
    assert kept.brand.fields["name"] == "Shop of acme"
    assert kept.document.subject == "News"
    assert get(world, token, "/v1/templates").json["items"][1]["published"]["number"] == 1


def test_the_same_draft_is_published_once_and_a_changed_one_again(world, token):
    for _ in range(2):
        reply = post(world, token, f"{WELCOME}/publish", {"version": 1})
        assert reply.json["published"]["number"] == 1
    changed = {**TEMPLATE, "subject": "Other news"}
    for version in range(1, 11):
        changed = {**TEMPLATE, "subject": f"News {version}"}
        body = {"version": version, "name": "Welcome", "template": changed}
        put(world, token, WELCOME, body)
        reply = post(world, token, f"{WELCOME}/publish", {"version": version + 1})
        assert reply.json["published"]["number"] == version + 1
    assert get(world, token, "/v1/templates").json["items"][1]["published"]["number"] == 11


def test_publishing_lists_every_error_by_block_and_field(world, token):
    broken = (
        {"id": "image-1", "type": "image", "fields": {"alt": ""}},
        {"id": "text-1", "type": "heading", "fields": {"text": "{{ customer.segmnt }}"}},
    )
    body = {"version": 1, "name": "Welcome", "template": with_blocks(*broken)}
    put(world, token, WELCOME, body)
    reply = post(world, token, f"{WELCOME}/publish", {"version": 2})
    assert (reply.status, reply.headers["content-type"]) == (422, "application/problem+json")
    wrong = {one["where"]: one["what"] for one in reply.json["errors"]}
    assert "blocks[0] alt (block image-1)" in wrong
    assert "Did you mean customer.segment?" in wrong["blocks[1] text (block text-1)"]
    assert get(world, token, WELCOME).json["published"] is None


def test_a_draft_that_changed_meanwhile_is_not_published(world, token):
    put(world, token, WELCOME, {"version": 1, "name": "x", "template": TEMPLATE})
    assert post(world, token, f"{WELCOME}/publish", {"version": 1}).status == 409


# ---- copies --------------------------------------------------------------------------------------


def test_a_copy_has_the_draft_and_is_made_once(world, token):
    body = {"id": "copy", "name": "A copy"}
    first = post(world, token, f"{WELCOME}/duplicate", body, ONCE)
    again = post(world, token, f"{WELCOME}/duplicate", body, ONCE)
    assert (first.status, first.json) == (201, again.json)
    assert (first.json["template"], first.json["published"]) == (TEMPLATE, None)
    other = post(world, token, f"{WELCOME}/duplicate", body, {"idempotency-key": "second-one"})
    assert other.status == 409
    assert "choose another id" in other.json["detail"]


def test_the_same_key_for_another_template_is_a_conflict(world, token):
    body = {"id": "copy", "name": "A copy"}
    post(world, token, f"{WELCOME}/duplicate", body, ONCE)
    assert post(world, token, "/v1/templates/acme-own/duplicate", body, ONCE).status == 409


def test_what_is_exported_can_be_imported(world, token):
    file = get(world, token, f"{WELCOME}/export").json
    other = world.keys["zenith", "marketer"]
    made = post(world, other, "/v1/templates/brought/import", file, ONCE)
    assert (made.status, made.json["template"], made.json["name"]) == (201, TEMPLATE, "Welcome")
    again = {"idempotency-key": "second-one"}
    assert post(world, other, f"{WELCOME}/import", file, again).status == 409
    mjml = file | {"format": "mjml"}
    assert post(world, other, "/v1/templates/mine/import", mjml, again).status == 422


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"format": "other"}, "format"),
        ({"more": 1}, "more"),
        ({"name": " "}, "name"),
        ({"name": "a" * 101}, "name"),
        ({"template": None}, "template"),
    ],
)
def test_a_file_that_is_no_exported_template_is_refused(world, token, change, says):
    file = get(world, token, f"{WELCOME}/export").json
    reply = post(world, token, "/v1/templates/brought/import", file | change, ONCE)
    assert reply.status == 422
    assert says in reply.json["detail"]
    assert get(world, token, "/v1/templates/brought").status == 404


# ---- previews ------------------------------------------------------------------------------------


def test_a_preview_has_the_customers_own_values_and_changes_nothing(world, token):
    before = dict(world.data.objects)
    made = post(world, token, f"{WELCOME}/preview", {"customer_key": KEYS[0]}).json
    assert "Champions, 40.00" in made["html"]
    assert "Champions, 40.00" in made["text"]
    assert (made["subject"], made["problem"]) == ("News", None)
    assert world.data.objects == before


def test_the_log_of_a_preview_names_no_customer(world, token):
    post(world, token, f"{WELCOME}/preview", {"customer_key": KEYS[0]})
    line = world.lines[-1]
    assert line["route"] == "/v1/templates/{template_id}/preview"
    assert line["by"].startswith("key:")
    assert KEYS[0] not in str(line)
    assert "Champions" not in str(line)


def test_a_preview_with_sample_values_needs_no_run(world, token):
    del world.data.objects[naming.latest_key("acme")]
    made = post(world, token, f"{WELCOME}/preview", {"values": {"segment": "<b>Lost</b>"}}).json
    assert "&lt;b&gt;Lost&lt;/b&gt;" in made["html"]
    assert "<b>Lost" not in made["html"]


def test_a_preview_shows_what_would_not_be_sent_and_says_why(world, token):
    bare = {**TEMPLATE, "blocks": []}
    put(world, token, WELCOME, {"version": 1, "name": "x", "template": bare})
    made = post(world, token, f"{WELCOME}/preview", {}).json
    assert "no link to unsubscribe" in made["problem"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"customer_key": "nobody"}, 404),
        ({"values": {"birthday": "x"}}, 422),
        ({"customer_key": KEYS[0], "values": {"segment": "x"}}, 422),
        ({"customer": KEYS[0]}, 422),
    ],
)
def test_a_preview_for_nobody_is_refused(world, token, body, status):
    assert post(world, token, f"{WELCOME}/preview", body).status == status


def test_a_preview_shows_the_shops_most_bought_products(world, token):
    block = {"id": "products-1", "type": "products", "fields": {}}
    body = {"version": 1, "name": "x", "template": with_blocks(block)}
    put(world, token, WELCOME, body)
    made = post(world, token, f"{WELCOME}/preview", {"customer_key": KEYS[0]}).json
    assert "=Mug" in made["text"]
    pattern = b'[campaigns]\nproduct_link = "https://shop.example/p/{code}"\n'
    world.data.objects[naming.settings_key("acme")] = pattern
    made = post(world, token, f"{WELCOME}/preview", {"customer_key": KEYS[0]}).json
    assert "https://shop.example/p/" in made["text"]


# ---- the brand kit -------------------------------------------------------------------------------


def test_a_tenant_without_a_brand_kit_gets_the_defaults(world, token):
    for key in [key for key in world.data.objects if key.startswith(naming.brand_prefix("acme"))]:
        del world.data.objects[key]
    kit = get(world, token, "/v1/brand").json
    assert (kit["version"], kit["saved_by"], kit["brand"]["radius"]) == (0, None, 4)


def test_a_brand_kit_is_saved_as_a_version(world, token):
    fields = {"name": "A shop", "address": "1 Street", "radius": 0}
    saved = put(world, token, "/v1/brand", {"version": 1, "brand": fields}).json
    assert (saved["version"], saved["brand"]["radius"]) == (2, 0)
    assert get(world, token, "/v1/brand").json == saved
    assert put(world, token, "/v1/brand", {"version": 1, "brand": fields}).status == 409


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"text": "#eeeeee"}, "contrast"),
        ({"radius": 99}, "radius"),
        ({"colour": "#000000"}, "unknown field 'colour'"),
    ],
)
def test_a_brand_kit_that_no_mail_can_have_is_refused(world, token, fields, says):
    reply = put(world, token, "/v1/brand", {"version": 1, "brand": {"name": "A", **fields}})
    assert reply.status == 422
    assert says in reply.json["detail"]


# ---- isolation -----------------------------------------------------------------------------------


def test_each_tenant_has_a_brand_kit_of_its_own(world, token):
    put(world, token, "/v1/brand", {"version": 1, "brand": {"name": "Mine"}})
    theirs = get(world, world.keys["zenith", "marketer"], "/v1/brand").json
    assert theirs["brand"]["name"] == "Shop of zenith"


def test_another_tenants_template_of_the_same_id_stays_as_it_is(world, token):
    put(world, token, WELCOME, {"version": 1, "name": "Mine", "template": TEMPLATE})
    theirs = get(world, world.keys["zenith", "marketer"], WELCOME).json
    assert (theirs["name"], theirs["version"]) == ("Welcome", 1)

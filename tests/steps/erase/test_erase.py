"""An erasure from end to end, over every kind of file: nothing of the person is left anywhere."""

from __future__ import annotations

import json

import pytest

from tessera import naming
from tessera.errors import InvalidInput, Refused
from tessera.records.codec import encode
from tests.steps.erase.conftest import (
    ANN,
    ANN_MAIL,
    BO_KEY,
    KEY,
    NOW,
    ORDERS,
    SECRETS_OF_ANN,
    Eraser,
    readable,
)
from tests.tickets import ticket


def ours(hits: list[str]) -> list[str]:
    return [one for one in hits if "uploads/other/" not in one]


def test_before_an_erasure_the_person_is_nearly_everywhere(shop):
    assert len({one.split(" ")[0] for one in ours(shop.hits(*SECRETS_OF_ANN))}) > 20


def test_afterwards_no_object_and_no_version_has_id_address_or_key(shop):
    receipt = shop.erase(ANN)
    assert ours(shop.hits(*SECRETS_OF_ANN)) == []
    assert shop.hits(ANN)  # the other shop's customer
    assert (receipt["status"], receipt["search"]["hits"]) == ("complete", 0)
    assert not [key for key in shop.data.markers if key.startswith("uploads/")]


def test_others_keep_all_that_is_theirs(shop):
    before = {**shop.data.bodies, **shop.identities.bodies}
    shop.erase(ANN)
    after = {**shop.data.bodies, **shop.identities.bodies}
    gone = {name for name in before if name not in after}
    moves = f"{naming.run_prefix('default', 'r1')}destinations/webhook/{naming.CONTENTS}"
    assert gone == {"uploads/book.xlsx", f"{moves}blocks.gz", f"{moves}index.json"}
    for name, body in before.items():
        if name in after and not name.endswith(".json"):
            for mine in (BO_KEY, "bo@example.com", "order-2", "order-5"):
                assert readable(body).count(mine) == readable(after[name]).count(mine), name
    upload = after["uploads/orders.csv"].decode()
    kept = [line for line in ORDERS.splitlines(keepends=True) if ANN not in line]
    assert upload == "".join(kept)


def test_counts_and_lists_are_what_the_files_have(shop):
    shop.erase(ANN)
    pointers = [
        shop.data.read_json(key)
        for key in shop.data.bodies
        if key.startswith("tenants/default/events/upload=") and key.endswith(naming.UPLOAD_POINTER)
    ]
    assert sorted(one["events"] for one in pointers) == [1, 2]
    assert sorted(one["order_ids"] for one in pointers) == [1, 2]
    folder = naming.campaign_run_prefix("default", "win-back-r001")
    [entry] = shop.identities.read_json(folder + naming.MANIFEST)["chunks"]
    assert entry["recipients"] == 1
    assert len(entry["sha256"]) == 64


def test_an_address_finds_the_same_person_and_the_guest(shop):
    receipt = shop.erase(ANN_MAIL.upper())
    assert ours(shop.hits(*SECRETS_OF_ANN)) == []
    assert receipt["unknown"] == 0


def test_a_shared_address_stays_with_the_other_customer(shop):
    receipt = shop.erase(ANN)
    assert receipt["shared_addresses"] == 1
    assert shop.hits("shared@example.com")


def test_an_address_of_two_customers_is_refused(shop):
    with pytest.raises(InvalidInput, match="belongs to 2 customers"):
        shop.erase("shared@example.com")


def test_the_receipt_counts_and_names_nobody(shop):
    receipt = shop.erase(ANN, "nobody-known")
    text = json.dumps(receipt)
    assert not [one for one in (*SECRETS_OF_ANN, "nobody-known") if one in text]
    kinds = {one["kind"]: one for one in receipt["objects"]}
    assert kinds["events"]["rows"] == 4
    assert kinds["events"]["rewritten"] == 2
    assert kinds["uploads"]["deleted"] == 1
    assert kinds["uploads"]["versions"] == 2
    assert kinds["rejected rows"]["rows"] == 1
    assert kinds["profiles"]["rows"] == kinds["raw files of sources"]["rows"] == 1
    assert receipt["unknown"] == 1
    assert {one["what"] for one in receipt["ages_out"]} >= {"access logs of the buckets"}
    assert any("queues" in one["what"] and one["days"] == 14 for one in receipt["ages_out"])
    webhook, klaviyo = (
        next(one for one in receipt["destinations"] if one["destination"] == name)
        for name in ("webhook", "klaviyo")
    )
    assert webhook["answers"]["deleted"] >= 1
    assert klaviyo["by_hand"].startswith("not supported, do this by hand")
    assert any("do this by hand" in line for line in receipt["not_done"])


def test_headers_of_mapping_files_and_of_earlier_settings_are_those_of_their_files(shop):
    """A bare id is the customer's in the mapped table, and an order's elsewhere."""
    sources = "tenants/default/sources/"
    mapping = '["shop.buyers"]\nCustomerID = "id"\nDate = "at"\n'
    shop.data.write(f"{sources}database.toml", mapping.encode())
    raw = "tenants/default/raw/database/shop/"
    for table in ("buyers", "orders"):
        shop.identities.write(f"{raw}{table}/1.csv", f"id,n\n{ANN},1\nbo,2\n".encode())
    crm = "tenants/default/crm/salesforce-opportunities/1.csv"
    shop.identities.write(crm, f"Id,AccountId\n1,{ANN}\n{ANN},bo\n".encode())
    earlier = ticket(run_id="r0", settings={"columns": {"customer_id": "Member"}})
    shop.data.write_json("tenants/default/runs/r0/ticket.json", encode(earlier))
    shop.data.write("tenants/default/settings.toml", b'[columns]\ncustomer_id = "Guest"\n')
    shop.data.write("uploads/guests-2.csv", f"Guest,Amount,Date\n{ANN},1,x\n".encode())
    shop.data.write("uploads/members.csv", f"Member,Amount,Date\n{ANN},1,x\nbo,2,x\n".encode())
    shop.erase(ANN)
    assert shop.identities.bodies[f"{raw}buyers/1.csv"] == b"id,n\nbo,2\n"
    assert ANN.encode() in shop.identities.bodies[f"{raw}orders/1.csv"]
    assert shop.identities.bodies[crm] == f"Id,AccountId\n{ANN},bo\n".encode()
    assert shop.data.bodies["uploads/members.csv"] == b"Member,Amount,Date\nbo,2,x\n"
    assert shop.data.bodies["uploads/guests-2.csv"] == b"Guest,Amount,Date\n"


def test_every_version_of_a_mapping_file_counts_and_a_damaged_one_stops_nothing(shop):
    key = "tenants/default/sources/database.toml"
    for text in ('["shop.old"]\nCustomerID = "buyer"\nDate = "at"\n', "[[broken", "[other]\n"):
        shop.data.write(key, text.encode())
    shop.data.write("tenants/default/settings.toml", b"columns = [broken")
    raw = "tenants/default/raw/database/shop/old/1.csv"
    shop.identities.write(raw, f"buyer,n\n{ANN},1\nbo,2\n".encode())
    receipt = shop.erase(ANN)
    assert shop.identities.bodies[raw] == b"buyer,n\nbo,2\n"
    damaged = [line for line in receipt["not_done"] if "is damaged in some version" in line]
    assert len(damaged) == 2
    assert damaged[0].startswith(key) or damaged[1].startswith(key)
    assert receipt["status"] == "complete"


# ---- what may go wrong ---------------------------------------------------------------------


def test_an_unknown_customer_is_refused_and_nothing_changes(shop):
    shop.ask("nobody")
    before = shop.data.everything()
    with pytest.raises(InvalidInput, match="has no customer with this id") as error:
        shop.go_on()
    assert "nobody" not in str(error.value)
    assert shop.data.everything() == before


def test_the_same_id_of_another_tenant_is_another_person(shop):
    with pytest.raises(InvalidInput, match="tenant 'other' has no customer"):
        shop.erase(ANN, tenant="other")
    shop.erase(ANN)
    assert any("uploads/other/" in one for one in shop.hits(ANN))


def test_a_second_erasure_of_the_same_person_searches_again(shop):
    shop.erase(ANN)
    shop.identities.write("tenants/default/crm/late.csv", f"customer_id\n{ANN}\n".encode())
    receipt = shop.erase(ANN, case="case-2")
    assert receipt["repeated_of"] == ["case-1"]
    assert ours(shop.hits(*SECRETS_OF_ANN)) == []
    assert [one["kind"] for one in receipt["objects"]] == ["exports of a CRM"]


def test_a_case_number_is_taken_once(shop):
    shop.erase(ANN)
    with pytest.raises(InvalidInput, match="is taken"):
        shop.ask("bo")


def test_a_destination_that_refuses_is_listed_and_tried_again(shop):
    shop.transports["webhook"] = Eraser(Refused("the key was revoked"))
    first = shop.erase(ANN)
    assert first["status"] == "open"
    assert any("tried again" in line and "revoked" in line for line in first["not_done"])
    assert shop.tools().files.people() is not None
    shop.transports["webhook"] = Eraser()
    second = shop.go_on()["receipt"]
    assert second["status"] == "complete"
    assert ours(shop.hits(*SECRETS_OF_ANN)) == []
    assert shop.go_on()["receipt"] == second


def test_an_upload_whose_run_has_not_read_it_waits(shop):
    shop.waiting = frozenset({"uploads/orders.csv"})
    receipt = shop.erase(ANN)
    assert receipt["status"] == "open"
    assert any("1 uploads wait for their runs" in line for line in receipt["not_done"])
    assert shop.data.bodies["uploads/orders.csv"] == ORDERS.encode()
    shop.waiting = frozenset()
    assert shop.go_on()["receipt"]["status"] == "complete"
    assert ours(shop.hits(*SECRETS_OF_ANN)) == []


def test_a_file_that_cannot_be_searched_is_listed(shop):
    shop.data.write("uploads/old.orc", b"ORC" + bytes(60))
    receipt = shop.erase(ANN)
    assert (receipt["status"], receipt["search"]["hits"]) == ("complete", 0)
    assert any(line.startswith("uploads: 1 file could not") for line in receipt["not_done"])


def test_several_people_are_one_pass(shop):
    receipt = shop.erase(ANN, "bo")
    assert ours(shop.hits(*SECRETS_OF_ANN, BO_KEY, "bo@example.com", "order-2")) == []
    kinds = {one["kind"]: one for one in receipt["objects"]}
    assert kinds["events"]["rewritten"] == 2
    assert kinds["profiles"]["rows"] == 2


def test_the_marks_stay_and_are_no_keys(shop):
    shop.erase(ANN)
    marks = shop.tools().marks.all()
    assert marks
    assert KEY not in marks
    assert shop.tools().files.state()["requested_at"] == NOW.isoformat()

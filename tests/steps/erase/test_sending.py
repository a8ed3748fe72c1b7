"""A campaign that is sending goes on without a person that is erased meanwhile."""

from __future__ import annotations

from adapters.campaigns.run_files import CampaignFiles
from adapters.erasure.tables import CampaignRows
from tessera.campaigns.planning.chunks import RecipientChunk, chunk_file
from tessera.campaigns.recipients import Recipient
from tessera.campaigns.sending.outcomes import RunTally
from tessera.naming import MANIFEST, campaign_run_prefix
from tessera.records.codec import encode
from tests.steps.erase.conftest import ANN_MAIL, BO_KEY, KEY, NOW, RECIPIENT

RUN = "news-r001"
BO = Recipient(recipient="b" * 32, customer_key=BO_KEY, address="bo@example.com", variant="a")
ANN = Recipient(recipient=RECIPIENT, customer_key=KEY, address=ANN_MAIL, variant="a")


class Sizes:
    """The campaigns' table, as far as it says how large runs are."""

    def __init__(self):
        self.known = {}

    def resize(self, _tenant, run_id, *, recipients):
        self.known[run_id] = recipients

    def erase(self, *_, **__):
        return CampaignRows(deleted=0, kept_opt_outs=0)


def plan(shop):
    """Write a run of both people. Return the entry as a worker knows it from the manifest."""
    content, entry = chunk_file(
        RecipientChunk(
            name="chunks/000001.json", opens_at=NOW, closes_at=NOW, zones=("Europe/Berlin",),
            recipients=(ANN, BO),
        )
    )  # fmt: skip
    folder = campaign_run_prefix("default", RUN)
    shop.identities.write(folder + entry.name, content)
    manifest = {"chunks": [encode(entry)], "holdout": []}
    shop.identities.write_json(folder + MANIFEST, manifest)
    return entry


def test_a_worker_with_the_plan_of_before_reads_the_chunk_of_after(shop):
    entry = plan(shop)
    sizes = Sizes()
    shop.campaigns = sizes
    shop.erase(ANN_MAIL)
    files = CampaignFiles(shop.identities, tenant="default", run_id=RUN)
    assert files.chunk(entry).recipients == (BO,)
    assert sizes.known[RUN] == 1


def test_a_late_row_of_an_erased_recipient_keeps_no_run_waiting():
    assert RunTally(planned=1, counts={"SENT": 2}).waiting == 0

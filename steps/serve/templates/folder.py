"""Where one template is kept in the data bucket."""

from __future__ import annotations

import dataclasses

from adapters.stores.records import read_record
from steps.serve.saved_versions import SavedVersions
from steps.serve.services import Services
from tessera import naming
from tessera.api.documents.templates import PublishedFacts, TemplateDraft
from tessera.api.refusals import missing


@dataclasses.dataclass(frozen=True, kw_only=True)
class TemplateFolder:
    """Where one template of a tenant is kept."""

    tenant: str
    template_id: str
    services: Services

    @property
    def drafts(self) -> SavedVersions[TemplateDraft]:
        """The versions of its draft."""
        prefix = naming.templates_prefix(self.tenant, self.template_id) + naming.TEMPLATE_DRAFTS
        return SavedVersions(data=self.services.data, prefix=prefix, kind=TemplateDraft)

    def draft(self) -> TemplateDraft:
        """Return the present draft.

        Raises
        ------
        RequestRefusal
            The tenant has no such template.
        """
        number = self.drafts.last()
        if not number:
            raise missing("template of this id")
        return self.drafts.read(number)

    def published_key(self, number: int) -> str:
        """Return the key of a published version."""
        return naming.published_template_key(self.tenant, self.template_id, number)

    def published(self, number: int) -> PublishedFacts | None:
        """Return who published a version, and when. None for number 0."""
        if not number:
            return None
        key = self.published_key(number)
        return read_record(PublishedFacts, self.services.data, key, tolerant=True)

    def last_published(self) -> int:
        """Return the number of the last published version, 0 without any."""
        prefix = naming.templates_prefix(self.tenant, self.template_id) + "v"
        return max(map(published_number, self.services.data.keys(prefix)), default=0)


def published_number(name: str) -> int:
    """Return the number of a published version from its file's name or key."""
    return int(name.rpartition("/")[2].removeprefix("v").removesuffix(".json"))

"""Countries are read from the codes and names that uploads use."""

from __future__ import annotations

import phonenumbers
import pytest

from tessera.countries import is_region, region_of


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("DE", "DE"), ("de", "DE"), ("DEU", "DE"), ("Germany", "DE"), ("Deutschland", "DE"),
        (" germany ", "DE"), ("GB", "GB"), ("UK", "GB"), ("United Kingdom", "GB"),
        ("USA", "US"), ("U.S.A.", "US"), ("United States of America", "US"),
        ("The Netherlands", "NL"), ("Cote d'Ivoire", "CI"), ("Côte d’Ivoire", "CI"),
        ("TURKIYE", "TR"), ("Turkey", "TR"), ("日本", "JP"), ("Éire", "IE"), ("Kosovo", "XK"),
        ("", ""), ("Atlantis", ""), ("12345", ""), ("D", ""),
    ],
)  # fmt: skip
def test_a_country_is_known_by_its_codes_and_names(text, region):
    assert region_of(text) == region


def test_every_country_of_the_phone_library_can_be_named_except_two_islands_of_other_codes():
    unknown = {code for code in phonenumbers.SUPPORTED_REGIONS if not is_region(code)}
    assert unknown == {"AC", "TA"}  # Ascension and Tristan da Cunha: ISO has them within SH


def test_a_region_is_its_two_letters_in_capitals():
    assert is_region("DE")
    assert not any(map(is_region, ("de", "DEU", "Germany", "", "ZZ")))

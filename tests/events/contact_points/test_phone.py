"""Phone numbers have one normal form, E.164, and what can't be read has none."""

from __future__ import annotations

import re

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.events.contact_points.phone import normal_phone

MOBILE = "+491701234567"
INTERNATIONAL = [
    "+491701234567", "+49 170 1234567", "+49 (0)170 1234567", "+49 (170) 123-45-67",
    "(+49) 170 1234567", "+49.170.1234567", "+49/170/1234567", "+49-170-1234567",
    "+49\u2011170\u20131234567", "+49\u00a0170\u00a01234567", "\ufeff+49170\u200b1234567",
    "\u202a+491701234567\u202c", "'+491701234567", "\uff0b\uff14\uff19\uff11\uff17\uff10 1234567",
    "00491701234567", "0049 170 1234567", "0049 (0)170 1234567",
]  # fmt: skip
NATIONAL = ["0170 1234567", "(0170) 1234567", "0170/1234567", "0170-1234567", "01701234567",
            "1701234567", "491701234567", "491701234567.0", "'0170 1234567",
            "\u0660\u0661\u0667\u0660 \u0661\u0662\u0663\u0664\u0665\u0666\u0667"]  # fmt: skip
READ = [
    ("+49 (0)30 901820", "", "+4930901820"),
    ("(212) 555-0100", "US", "+12125550100"),
    ("1-212-555-0100", "US", "+12125550100"),
    ("011 49 170 1234567", "US", MOBILE),
    ("0049 170 1234567", "US", MOBILE),
    ("020 7946 0018", "GB", "+442079460018"),
    ("+44 (0)20 7946 0018", "", "+442079460018"),
    ("447911123456", "GB", "+447911123456"),
    ("06 1234 5678", "IT", "+390612345678"),
    ("+39 06 1234 5678", "", "+390612345678"),
    ("390 612 3456", "IT", "+393906123456"),  # 390 is a mobile prefix there, and no calling code
    ("+34 (0)612 345 678", "", "+34612345678"),
    ("8 912 345-67-89", "RU", "+79123456789"),
    ("98123 45678", "IN", "+919812345678"),
    ("11 96123-4567", "BR", "+5511961234567"),
    ("+800 1234 5678", "", "+80012345678"),
]
UNREADABLE = [
    ("", ""), ("0", "DE"), ("+", ""), ("+1", ""), ("110", "DE"), ("555-0100", "US"),
    ("0170 1234567", ""), ("491701234567", ""), ("(555) 123-4567", ""), ("0170 1234567", "ZZ"),
    ("4.91701E+11", ""), ("4.91701E+11", "DE"), ("491701234567,0", "DE"), ("555-CALL-NOW", "US"),
    ("+49 170 1234567 (mobil)", ""), ("+49 30 901820 ext. 5", ""), ("+49 30 901820 x5", ""),
    ("+491701234567;+491709999999", ""), ("0170 1234567 / 0171 2345678", "DE"),
    ("030 901820/21", "DE"), ("+49 30 901820/1/2", ""), ("+4917012345678901234", ""),
    ("+0123456789", ""), ("+12", ""), ("+49 00 30 901820", ""), ("+15550100", ""),
    ("n/a", "DE"), ("ann@mail.example", "DE"), ("1" * 60, "US"),
]  # fmt: skip


@pytest.mark.parametrize("text", INTERNATIONAL)
@pytest.mark.parametrize("region", ["", "DE", "US"])
def test_a_number_with_its_calling_code_is_the_same_wherever_the_customer_lives(text, region):
    assert normal_phone(text, region=region) == MOBILE


@pytest.mark.parametrize("text", NATIONAL)
def test_a_number_in_national_form_is_read_in_a_known_country(text):
    assert normal_phone(text, region="DE") == MOBILE


@pytest.mark.parametrize(("text", "region", "normal"), READ)
def test_numbering_plans_differ(text, region, normal):
    assert normal_phone(text, region=region) == normal


@pytest.mark.parametrize(("text", "region"), UNREADABLE)
def test_what_could_be_somebody_elses_number_is_not_read(text, region):
    assert normal_phone(text, region=region) == ""


CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
digits = st.text("0123456789", min_size=4, max_size=13)
written = st.builds("+{}{}".format, st.sampled_from(CODES), digits)
between = st.text(st.sampled_from("0123456789 ()-./+\u00a0'"), max_size=24)
regions = st.sampled_from(["", "DE", "US", "IT", "GB", "AR", "BR", "RU", "IN", "FR"])


@given(text=written | between | st.text(max_size=20), region=regions)
def test_a_normal_form_is_its_own_and_e_164(text, region):
    normal = normal_phone(text, region=region)
    if normal:
        assert re.fullmatch(r"\+[1-9][0-9]{6,14}", normal)
        assert {normal_phone(normal, region=one) for one in ("", region, "JP")} == {normal}


def examples() -> list[str]:
    kind = phonenumbers.PhoneNumberType.MOBILE
    regions = sorted(phonenumbers.SUPPORTED_REGIONS)
    numbers = [phonenumbers.example_number_for_type(region, kind) for region in regions]
    form = phonenumbers.PhoneNumberFormat
    return [phonenumbers.format_number(one, form.E164) for one in numbers if one is not None]


@pytest.mark.parametrize("number", examples())
def test_every_countrys_numbers_are_read_in_all_usual_forms(number):
    parsed = phonenumbers.parse(number)
    form, region = phonenumbers.PhoneNumberFormat, phonenumbers.region_code_for_number(parsed)
    national = phonenumbers.format_number(parsed, form.NATIONAL)
    spaced = phonenumbers.format_number(parsed, form.INTERNATIONAL)
    assert normal_phone(number) == normal_phone(spaced) == number
    assert normal_phone(national, region=region) == number
    assert normal_phone(number[1:], region=region) == number  # the plus lost

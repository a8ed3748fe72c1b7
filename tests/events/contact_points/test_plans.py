"""What patterns read by columns is read in the same way one by one."""

from __future__ import annotations

import re

import phonenumbers
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tessera.events.contact_points.phone import normal_phone
from tessera.events.contact_points.plans import NationalPlan, begins_of, national_plan, usual

CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
PLANS = {region: plan for region in REGIONS if (plan := national_plan(region))}
FORM = phonenumbers.PhoneNumberFormat


def mobile(region: str) -> phonenumbers.PhoneNumber | None:
    return phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)


def by_plan(digits: str, plan: NationalPlan) -> str:
    """Read a number as columns do."""
    number = digits.removeprefix(plan.trunk) if plan.trunk else digits
    lost_plus = bool(plan.trunk) and number == digits and digits.startswith(plan.code)
    met = [
        re.search(pattern, number) and len(number) in lengths
        for pattern, lengths in (plan.general, *plan.kinds)
    ]
    good = re.search(plan.given, digits) and not lost_plus and met[0] and any(met[1:])
    return f"+{plan.code}{number}" if good else ""


@given(st.builds("+{}{}".format, st.sampled_from(CODES), st.text("0123456789", min_size=4)))
def test_what_is_usual_is_returned_as_it_is(text):
    if re.search(usual(), text):
        assert normal_phone(text) == text


def near(region: str) -> st.SearchStrategy[str]:
    """Numbers that look like one of the country, with and without what may come before it."""
    number = str(mobile(region).national_number) if mobile(region) else "123456789"
    code = PLANS[region].code
    before = st.sampled_from(["", "0", "1", "8", "00", f"00{code}", code, "011"])
    kept = st.integers(0, len(number))
    rest = st.text("0123456789", max_size=6)
    return st.builds(lambda b, k, r: f"{b}{number[:k]}{r}", before, kept, rest)


@settings(max_examples=300)
@given(st.sampled_from(sorted(PLANS)).flatmap(lambda one: st.tuples(st.just(one), near(one))))
@example(("DE", "491701234567"))
@example(("IT", "3906123456"))
@example(("US", "12125550100"))
@example(("DE", "94915123456789"))  # valid there, and too long for E.164
def test_a_plan_reads_what_is_read_one_by_one(asked):
    region, digits = asked
    if read := by_plan(digits, PLANS[region]):
        assert normal_phone(digits, region=region) == read


def test_many_countries_numbers_are_usual_and_their_plans_simple():
    examples = {region: mobile(region) for region in REGIONS}
    known = {region: one for region, one in examples.items() if one is not None}
    written = [phonenumbers.format_number(one, FORM.E164) for one in known.values()]
    usually = [number for number in written if re.search(usual(), number)]
    assert len(usually) > len(known) * 7 / 8
    for region in ("DE", "FR", "US", "IT", "ES", "IN", "PL", "NL", "AT", "CH", "TR", "ZA", "SE"):
        national = phonenumbers.format_number(known[region], FORM.NATIONAL)
        digits = re.sub("[^0-9]", "", national)
        e_164 = phonenumbers.format_number(known[region], FORM.E164)
        assert by_plan(digits, PLANS[region]) == e_164, region


def test_a_prefix_begins_with_no_other_digits_than_these():
    assert begins_of("") == frozenset()
    assert begins_of("(183[1-2])|0") == frozenset("18320")
    assert begins_of(r"0|(?:\d1)") == frozenset("0123456789")

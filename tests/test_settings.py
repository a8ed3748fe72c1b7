import json

import pytest

from tessera.errors import InvalidInput
from tessera.settings import RunSettings


def test_later_layers_win_and_the_rest_is_default():
    settings = RunSettings.parse({"clusters": 4, "preset": "nine"}, {"clusters": 6})
    assert (settings.clusters, settings.preset, settings.time_zone) == (6, "nine", "UTC")


def test_settings_survive_a_trip_through_json():
    settings = RunSettings.parse(
        {
            "currency": "EUR",
            "currency_rates": {"USD": "0.92"},
            "destinations": ["export"],
            "churn_ignore": ["Refund Requested"],
        }
    )
    assert json.loads(json.dumps(settings.to_dict())) == settings.to_dict()
    assert RunSettings.parse(settings.to_dict()) == settings


def test_equal_settings_have_an_equal_digest_and_others_do_not():
    one, two = RunSettings.parse({"clusters": 5}), RunSettings()
    assert one.digest == two.digest != RunSettings.parse({"clusters": 6}).digest


def test_campaigns_settings_are_a_group_that_layers_merge_and_no_run_depends_on():
    stage = {"campaigns": {"quiet_from": "22:00", "postal_address": "1 Main Street"}}
    own = {"campaigns": {"quiet_from": "20:30", "legal_basis": {"US": "opt_out"}}}
    settings = RunSettings.parse(stage, own)
    assert settings.campaigns.quiet_from == "20:30"
    assert settings.campaigns.postal_address == "1 Main Street"
    assert RunSettings.parse(json.loads(json.dumps(settings.to_dict()))) == settings
    assert settings.digest == RunSettings().digest


def test_the_sending_domain_is_that_of_the_sender():
    sender = {"campaigns": {"from_address": "news@mail.shop.example"}}
    assert RunSettings.parse(sender).campaigns.sending_domain == "mail.shop.example"


@pytest.mark.parametrize(
    ("layer", "named"),
    [
        ({"campaigns": {"legal_bases": {}}}, "unknown setting 'campaigns.legal_bases'"),
        ({"campaigns": "all"}, "'campaigns' is 'all': expected a group"),
        ({"campaigns": {"legal_basis": {"USA": "opt_out"}}}, "campaigns.legal_basis"),
        ({"campaigns": {"legal_basis": {"US": "express"}}}, "each with one of"),
        ({"campaigns": {"quiet_from": "9pm"}}, "'campaigns.quiet_from' is '9pm'"),
        ({"campaigns": {"quiet_from": ""}}, "both empty for no quiet hours"),
        ({"campaigns": {"quiet_from": "08:00"}}, "another time than 'quiet_from'"),
        ({"campaigns": {"from_address": "Shop <a@b.example>"}}, "campaigns.from_address"),
        ({"campaigns": {"cap_days": 0}}, "'campaigns.cap_days' is 0: expected from 1"),
        ({"campaigns": {"cap_messages": "3"}}, "'campaigns.cap_messages' is '3': expected int"),
        ({"campaigns": {"global_holdout": 0.6}}, "campaigns.global_holdout"),
        ({"campaigns": {"product_link": "https://a.example/p/"}}, "campaigns.product_link"),
        ({"campaigns": {"product_link": "http://a.example/{code}"}}, "campaigns.product_link"),
        ({"campaigns": {"product_link": "https://a@b.example/{code}"}}, "campaigns.product_link"),
        ({"subscription_period_days": 0}, "subscription_period_days"),
        ({"subscription_period_days": 367}, "subscription_period_days"),
        ({"clutsers": 5}, "unknown setting 'clutsers'"),
        ({"clusters": "5"}, "'clusters' is '5': expected int"),
        ({"clusters": True}, "'clusters' is True"),
        ({"clusters": 1}, "0, or from 2 to 20"),
        ({"phone_region": "de"}, "two capitals of ISO 3166-1"),
        ({"phone_region": "ZZ"}, "phone_region"),
        ({"window_months": 13}, "window_months"),
        ({"time_zone": "Mars/Olympus"}, "IANA"),
        ({"max_bad_share": 1.5}, "between 0 and 1"),
        ({"decimal": "point"}, "decimal"),
        ({"currency": "euro"}, "ISO 4217"),
        ({"currency": "EUR", "currency_rates": {"USD": 0.92}}, "currency_rates"),
        ({"currency": "EUR", "currency_rates": {"USD": "0,92"}}, "positive rates"),
        ({"currency": "EUR", "currency_rates": {"USD": "-3"}}, "positive rates"),
        ({"currency": "EUR", "currency_rates": {"USD": "0.00"}}, "positive rates"),
        ({"currency": "EUR", "currency_rates": {"usd": "0.92"}}, "currency_rates"),
        ({"currency": "EUR", "currency_rates": {"USD": "1); DROP TABLE x"}}, "currency_rates"),
        ({"currency_rates": {"USD": "0.92"}}, "into what they convert"),
        ({"destinations": []}, "at least one"),
        ({"destinations": "export"}, "list of names"),
        ({"churn_ignore": "Refunded"}, "list of names"),
        ({"omitted_sets": {"klaviyo": "churn_band"}}, "lists of segment sets by destination"),
    ],
)
def test_a_wrong_setting_is_named_with_what_was_expected(layer, named):
    with pytest.raises(InvalidInput, match=named):
        RunSettings.parse(layer)

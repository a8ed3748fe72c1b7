"""The console stack: sign-in, the API's front, the page, and what surrounds them."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from infra.kit import assets
from tessera.api.routes import ROUTES
from tessera.environments.api import (
    ApiEnvironment,
    AuthorizerEnvironment,
    FindCustomerEnvironment,
)
from tessera.environments.remove_tenant import RemoveTenantEnvironment
from tessera.errors import InvalidInput
from tests.infra.console.stages import CERTIFICATE, GIVEN, OWN, WEB_ACL

HANDLERS = {
    "lambdas.api.handler.handler": ApiEnvironment,
    "lambdas.authorizer.handler.handler": AuthorizerEnvironment,
    "lambdas.find_customer.handler.handler": FindCustomerEnvironment,
    "lambdas.remove_tenant.handler.handler": RemoveTenantEnvironment,
}
PRICES = {
    "customer managed key": ("AWS::KMS::Key", 1.00),
    "alarm": ("AWS::CloudWatch::Alarm", 0.10),
}


def one(app, kind):
    [made] = app.resources(kind)
    return made


@pytest.fixture
def distribution(console):
    return one(console, "AWS::CloudFront::Distribution")["DistributionConfig"]


@pytest.fixture
def page_bucket(console):
    [bucket] = [
        {"Ref": name}
        for name, each in console.named("AWS::S3::Bucket").items()
        if name in console.templates["console"]["Resources"]
    ]
    return console.resolve(bucket)


def test_a_stage_has_the_stack_only_if_it_says_so(app, other, full, console):
    assert not [made for made in (app, other, full) if "console" in made.templates]
    assert console.templates.keys() == {"data", "pipeline", "console"}


# ---- sign-in ---------------------------------------------------------------------------------


def test_users_are_invited_and_have_a_second_factor(console):
    pool = one(console, "AWS::Cognito::UserPool")
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool["MfaConfiguration"] == "ON"
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] >= 12


def test_the_page_signs_in_by_code_without_a_secret(console):
    client = one(console, "AWS::Cognito::UserPoolClient")
    assert client["GenerateSecret"] is False
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["SupportedIdentityProviders"] == ["COGNITO"]
    assert client["EnableTokenRevocation"] is True
    [callback] = console.resolve(client["CallbackURLs"])
    assert callback == console.outputs()["ConsoleUrl"]
    assert console.resolve(client["LogoutURLs"]) == [callback]


# ---- the API ---------------------------------------------------------------------------------


def test_every_route_needs_a_credential(console):
    routes = console.resources("AWS::ApiGatewayV2::Route")
    in_address = {f"{one.method} {one.path}" for one in ROUTES if one.key_in_query}
    assert {route["RouteKey"] for route in routes} == {"ANY /v1/{proxy+}", *in_address}
    guards = {
        name: each["Properties"]
        for name, each in console.named("AWS::ApiGatewayV2::Authorizer").items()
    }
    for route in routes:
        assert route["AuthorizationType"] == "CUSTOM"
        guard = guards[route["AuthorizerId"]["Ref"]]
        assert "Authorizer" in json.dumps(guard["AuthorizerUri"])
        by_header = guard.get("IdentitySource") == ["$request.header.Authorization"]
        assert by_header == (route["RouteKey"] not in in_address)
        # What is remembered without naming the credential would let the next visitor in.
        assert guard["AuthorizerResultTtlInSeconds"] == (300 if by_header else 0)


def test_the_api_is_throttled_and_logs_no_person(console):
    stage = one(console, "AWS::ApiGatewayV2::Stage")
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == 100
    line = json.loads(stage["AccessLogSettings"]["Format"])
    assert {"$context.routeKey", "$context.status", "$context.requestId"} <= set(line.values())
    # The route names no customer. The path does, and the query may hold a key.
    assert not re.search(r"sourceIp|\$context\.path|querystring|userAgent", json.dumps(line))
    groups = [
        each
        for name, each in console.named("AWS::Logs::LogGroup").items()
        if name in console.templates["console"]["Resources"]
    ]
    assert {each["Properties"]["RetentionInDays"] for each in groups} == {7}


def test_requests_go_to_the_version_in_use(console):
    integration = one(console, "AWS::ApiGatewayV2::Integration")
    assert console.resolve(integration["IntegrationUri"]).endswith(":live")
    assert integration["PayloadFormatVersion"] == "2.0"
    for guard in console.resources("AWS::ApiGatewayV2::Authorizer"):
        assert ":live/invocations" in console.resolve(guard["AuthorizerUri"])
    allowed = [
        each
        for each in console.resources("AWS::Lambda::Permission")
        if each["Principal"] == "apigateway.amazonaws.com"
    ]
    assert len(allowed) == 2
    for each in allowed:
        assert console.resolve(each["FunctionName"]).endswith(":live")
        assert "execute-api" in console.resolve(each["SourceArn"])


def test_each_function_gets_what_its_handler_reads(console):
    made = {
        each["Handler"]: set(each["Environment"]["Variables"])
        for each in console.resources("AWS::Lambda::Function")
        if each["Handler"] in HANDLERS
    }
    assert made == {
        handler: set(environment(**dict.fromkeys(environment.__dataclass_fields__, "")).to_env())
        for handler, environment in HANDLERS.items()
    }


def test_the_functions_start_the_machine_of_their_stage(console):
    [api] = [
        each for each in console.resources("AWS::Lambda::Function") if ".api." in each["Handler"]
    ]
    variables = console.resolve(api["Environment"]["Variables"])
    machines = {
        machine["StateMachineName"]
        for machine in console.resources("AWS::StepFunctions::StateMachine")
    }
    assert machines == {"tessera-dev", "tessera-dev-erasures", "tessera-dev-removals"}
    for name, machine in (
        ("STATE_MACHINE_ARN", "tessera-dev"),
        ("ERASURES_MACHINE_ARN", "tessera-dev-erasures"),
        ("REMOVALS_MACHINE", "tessera-dev-removals"),
    ):
        assert variables[name].endswith(f":stateMachine:{machine}:live")
    assert variables["DATA_BUCKET"] == console.outputs()["DataBucket"]


def test_keys_are_kept_in_a_table_with_its_own_key(console):
    [table] = [
        each
        for each in console.resources("AWS::DynamoDB::Table")
        if {"AttributeName": "pk", "KeyType": "HASH"} in each["KeySchema"]
    ]
    assert table["KeySchema"][1] == {"AttributeName": "sk", "KeyType": "RANGE"}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    keys = {
        str(each["SSESpecification"]["KMSMasterKeyId"])
        for each in console.resources("AWS::DynamoDB::Table")
    }
    assert len(keys) == 2  # the others share the data key


# ---- the page --------------------------------------------------------------------------------


def test_one_address_has_the_page_and_the_api(console, distribution, page_bucket):
    [to_api] = distribution["CacheBehaviors"]
    assert to_api["PathPattern"] == "/v1/*"
    assert {"DELETE", "GET", "POST", "PUT"} <= set(to_api["AllowedMethods"])
    assert to_api["ViewerProtocolPolicy"] == "https-only"
    origins = {each["Id"]: each for each in distribution["Origins"]}
    api = origins[to_api["TargetOriginId"]]
    assert "execute-api" in console.resolve(api["DomainName"])
    assert api["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    page = origins[distribution["DefaultCacheBehavior"]["TargetOriginId"]]
    assert page["OriginAccessControlId"]
    assert distribution["DefaultRootObject"] == "index.html"


def test_only_cloudfront_reads_the_page(console):
    [policy] = [
        each
        for each in console.resources("AWS::S3::BucketPolicy")
        if "cloudfront.amazonaws.com" in json.dumps(each)
    ]
    allowed = [
        each
        for each in policy["PolicyDocument"]["Statement"]
        if each["Effect"] == "Allow" and "Service" in each["Principal"]
    ]
    [statement] = allowed
    assert statement["Action"] == "s3:GetObject"
    assert "AWS:SourceArn" in json.dumps(statement["Condition"])


def test_the_page_runs_nothing_from_other_origins(console):
    headers = one(console, "AWS::CloudFront::ResponseHeadersPolicy")
    security = headers["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    text = console.resolve(security["ContentSecurityPolicy"]["ContentSecurityPolicy"])
    policy = dict(part.split(" ", 1) for part in text.split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert policy["frame-ancestors"] == "'none'"
    others = {word for value in policy.values() for word in value.split() if "//" in word}
    calls = policy["connect-src"].split()
    assert others == set(calls) - {"'self'"}
    bucket = console.outputs()["DataBucket"]
    sign_in, uploads = calls[1:]
    domain = one(console, "AWS::Cognito::UserPoolDomain")["Domain"]
    assert console.resolve(domain) == "tessera-dev-111122223333"
    assert re.fullmatch(r"https://\w+\.auth\.us-east-1\.amazoncognito\.com", sign_in)
    assert uploads.startswith("https://")
    assert bucket in uploads.lower()
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000


def test_the_new_page_follows_the_files_that_it_names(console):
    made = console.named("Custom::CDKBucketDeployment")
    by_cache = {
        each["Properties"]["SystemMetadata"]["cache-control"]: name for name, each in made.items()
    }
    hashed, page = by_cache["public, max-age=31536000, immutable"], by_cache["no-cache"]
    assert hashed in made[page]["DependsOn"]
    assert made[hashed]["Properties"]["DestinationBucketKeyPrefix"] == "assets"
    assert made[page]["Properties"]["DistributionPaths"] == ["/*"]
    assert {each["Properties"]["Prune"] for each in made.values()} == {False}
    # CloudFormation deletes the bucket with the stack only when it is empty.
    assert {each["Properties"]["RetainOnDelete"] for each in made.values()} == {False}


def test_without_a_built_page_the_synth_says_what_to_run(tmp_path, monkeypatch):
    from infra.console.constructs import site

    monkeypatch.setattr(site, "DIST", tmp_path / "dist")
    with pytest.raises(InvalidInput, match="`make build-console`"):
        site._built()


def test_a_browser_uploads_from_the_consoles_origin_alone(app, console, own_domain):
    for made, origin in ((console, f"https://{GIVEN}"), (own_domain, f"https://{OWN}")):
        [cors] = [
            each["CorsConfiguration"]["CorsRules"]
            for each in made.resources("AWS::S3::Bucket")
            if "CorsConfiguration" in each
        ]
        [rule] = cors
        assert rule["AllowedOrigins"] == [origin]
        assert set(rule["AllowedMethods"]) == {"PUT", "POST"}
        assert rule["ExposedHeaders"] == ["ETag"]  # without it no large file can be joined
    assert not [each for each in app.resources("AWS::S3::Bucket") if "CorsConfiguration" in each]


def test_an_own_domain_brings_its_certificate_and_firewall(own_domain):
    made = one(own_domain, "AWS::CloudFront::Distribution")["DistributionConfig"]
    assert made["Aliases"] == [OWN]
    assert made["WebACLId"] == WEB_ACL
    assert made["ViewerCertificate"]["AcmCertificateArn"] == CERTIFICATE
    assert made["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert own_domain.outputs()["ConsoleUrl"] == f"https://{OWN}/"


# ---- what surrounds them ---------------------------------------------------------------------


def test_failures_of_the_api_raise_an_alarm(app, console):
    def names(made):
        return {each["AlarmDescription"] for each in made.resources("AWS::CloudWatch::Alarm")}

    added = " ".join(names(console) - names(app))
    assert "#apifailed" in added
    assert "#apithrottled" in added


def test_a_retaining_stage_keeps_its_users_keys_and_table(console, own_domain):
    for made, policy in ((console, "Delete"), (own_domain, "Retain")):
        resources = made.templates["console"]["Resources"].values()
        kept = ("AWS::Cognito::UserPool", "AWS::DynamoDB::Table", "AWS::KMS::Key")
        assert {each["DeletionPolicy"] for each in resources if each["Type"] in kept} == {policy}


@pytest.mark.parametrize("priced", PRICES)
def test_the_cost_page_counts_what_the_console_adds(app, console, root, priced):
    kind, price = PRICES[priced]
    page = (root / "docs" / "cost.md").read_text(encoding="utf-8").partition("[Campaigns](")[0]
    [(count, total)] = re.findall(rf"\| (\d+) more {priced}s? \| \$(\d+\.\d\d) \|", page)
    assert int(count) == len(console.resources(kind)) - len(app.resources(kind))
    assert float(total) == pytest.approx(int(count) * price)


def test_the_package_fits_into_lambda_and_has_what_the_functions_import(root):
    """Lambda unzips 250 MB at most. The rest of the room is for versions to come."""
    built = assets.api_code()
    size = sum(file.stat().st_size for file in built.path.rglob("*") if file.is_file())
    assert size < (232 if built.bytecode else 212) * 1024**2
    shipped = {path.name.partition(".")[0] for path in built.path.iterdir()}
    code = (
        "import sys, lambdas.api.handler, lambdas.authorizer.handler, lambdas.find_customer.handler"
        ", lambdas.remove_tenant.handler, steps.serve.templates.mails"  # which a request imports
        "\nprint(*{name.partition('.')[0] for name, module in sys.modules.items()"
        " if 'site-packages' in (getattr(module, '__file__', None) or '')})"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    # Each of these is used where it is installed, and needed nowhere.
    optional = {"bcrypt", "certifi", "cloudpickle", "python_multipart", "_distutils_hack"}
    assert set(ran.stdout.split()) - optional <= shipped
    for library in built.path.rglob("*.so"):
        assert "x86_64" not in library.name


def test_a_runs_report_knows_where_the_console_is(app, console, own_domain):
    def origin(made):
        [function] = [
            each
            for each in made.resources("AWS::Lambda::Function")
            if each["Handler"] == "lambdas.finish_run.handler.handler"
        ]
        return function["Environment"]["Variables"]["CONSOLE"]

    assert origin(app) == ""
    assert origin(console) == f"https://{GIVEN}"
    assert origin(own_domain) == f"https://{OWN}"

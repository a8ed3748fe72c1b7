"""An OpenAPI document becomes one module of types."""

from tools.console_sources.module import module

THING = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}
DOCUMENT = {
    "components": {
        "schemas": {
            "Thing": {
                "description": "A thing.\n\nMore of it.",
                "properties": {"id": {"type": "string"}},
                "required": ["id"],
            }
        }
    },
    "paths": {
        "/v1/things/{id}": {
            "get": {
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                    {"name": "limit", "in": "query", "schema": {"type": "integer"}},
                    {"name": "X-Trace", "in": "header", "schema": {"type": "string"}},
                ],
                "responses": {"200": THING, "404": {"description": "Not there"}},
            },
            "delete": {"responses": {"204": {"description": "Done"}}},
        },
        "/v1/things": {"post": {"requestBody": THING, "responses": {"201": THING}}},
    },
}


def test_a_schema_is_an_interface_with_the_first_paragraph_as_its_comment():
    assert "/** A thing. */\nexport interface Thing {\n  id: string\n}" in module(DOCUMENT)


def test_a_route_has_the_parameters_that_stand_in_its_address():
    line = "{ parameters: { id: string; limit?: number | undefined }; answer: Thing }"
    assert f'"/v1/things/{{id}}": {line}' in module(DOCUMENT)


def test_a_route_that_takes_a_document_names_it():
    line = "{ parameters: Record<never, never>; body: Thing; answer: Thing }"
    assert f'"/v1/things": {line}' in module(DOCUMENT)


def test_a_route_without_an_answer_says_so():
    assert "{ parameters: Record<never, never>; answer: undefined }" in module(DOCUMENT)

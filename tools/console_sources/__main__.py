"""Write the generated files again: ``python -m tools.console_sources``."""

from __future__ import annotations

from tools.console_sources.files import generated


def main() -> None:
    """Write every generated file of the console."""
    for path, text in generated().items():
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()

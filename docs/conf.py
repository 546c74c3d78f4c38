"""How Sphinx builds the manual. `make docs` first runs tools/manual.py, which writes docs/generated."""

from __future__ import annotations

import re
from typing import Any

project = "OpenOMT"
author = "the OpenOMT contributors"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "OpenOMT manual"
html_static_path = ["_static"]
html_css_files = ["manual.css"]
html_js_files = ["manual.js"]
html_show_sphinx = False
html_show_copyright = False
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_default_options = {"exclude-members": "model_config, model_post_init"}
autodoc_inherit_docstrings = False
autodoc_typehints_format = "short"
toc_object_entries = False
suppress_warnings = [
    "ref.python"
]  # a name that two modules have, such as Technique, is linked to one of them


def docstring_as_written(
    _app: Any, _what: str, _name: str, _obj: Any, _options: Any, lines: list[str]
) -> None:
    """Our docstrings are plain text: backticks mean code, and aligned columns keep their shape."""
    shown: list[str] = []
    for paragraph in re.split(r"\n\s*\n", "\n".join(lines).strip()):
        aligned = any(re.search(r"\S {2,}\S|^\s", line) for line in paragraph.splitlines())
        if aligned:
            shown += [".. code-block:: text", "", *(f"   {line}" for line in paragraph.splitlines()), ""]
        else:
            shown += [*map(_escaped, paragraph.splitlines()), ""]
    lines[:] = shown


def _escaped(line: str) -> str:
    parts = re.split(r"(`+[^`]+`+)", line)
    return "".join(
        f"``{part.strip('`')}``" if part.startswith("`") else re.sub(r"([\\*|_])", r"\\\1", part)
        for part in parts
    )


def fields_of_a_record(
    _app: Any, _what: str, _name: str, obj: Any, _options: Any, signature: str | None, returns: str | None
) -> tuple[str | None, str | None]:
    """A record is shown by the names of its fields: their checks are code, and would fill the page."""
    fields = getattr(obj, "model_fields", None)
    return (signature, returns) if fields is None else (f"({', '.join(fields)})", None)


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("autodoc-process-docstring", docstring_as_written)
    app.connect("autodoc-process-signature", fields_of_a_record)

"""A visit as JSON and back. `from_json(to_json(visit)) == visit` for every visit.

Two shapes are read, also mixed in one object: the full one, whose fields are those of `Visit` and its parts,
and the short one of the coding cases (`payer`, `pos`, `regions`, `em`, `same_day`). The full one is written.
"""

from __future__ import annotations

import datetime as dt
import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, cast

from openomt.medicine.anatomy import Level, Region
from openomt.medicine.visit import Visit
from openomt.medicine.visit_json.short import is_short, read
from openomt.medicine.visit_words import bad, level_of, region_named

JsonObject = dict[str, Any]


def from_json(data: object, *, unread: list[str] | None = None) -> Visit:
    """The visit of a JSON object.

    Raises ValueError naming the path of a field that is unknown or holds a wrong value (`visit.em.risk: …`).
    With `unread`, paths of unknown fields are put there instead.
    """
    if not isinstance(data, dict):
        raise bad("visit", data, "an object")
    unknown: list[str] = []
    names = {field.name for field in fields(Visit)}
    full = {key: value for key, value in data.items() if key in names and not is_short(key, value)}
    short = {key: value for key, value in data.items() if key not in full}
    visit = cast("Visit", _decode(Visit, full, "visit", unknown))
    visit = read(short, visit, unknown)
    if unread is not None:
        unread.extend(unknown)
    elif unknown:
        raise ValueError(f"{unknown[0]}: no such field")
    return visit


def to_json(visit: Visit) -> JsonObject:
    """The full shape. Fields that hold their default are left out."""
    return cast("JsonObject", _encode(visit))


def region_spellings(data: object) -> dict[Region, str]:
    """How the rows of `regions` spell each region, the first spelling of each."""
    rows = data.get("regions") if isinstance(data, dict) else None
    found: dict[Region, str] = {}
    for row in rows if isinstance(rows, list) else ():
        name = row.get("region") if isinstance(row, dict) else row
        region = region_named(name) if isinstance(name, str) else None
        if region is not None:
            found.setdefault(region, str(name))
    return found


def _encode(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_encode(part) for part in value]
    if not is_dataclass(value):
        return value
    return {
        field.name: _encode(part)
        for field in fields(value)
        if (part := getattr(value, field.name)) != _default(field)
    }


def _default(field: Any) -> object:
    return field.default_factory() if field.default_factory is not MISSING else field.default


@cache
def _types(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _decode(kind: Any, value: object, path: str, unknown: list[str]) -> object:
    """A JSON value as a value of the annotated type `kind`. Raises ValueError naming `path`."""
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        inner = next(part for part in typing.get_args(kind) if part is not types.NoneType)
        return None if value is None else _decode(inner, value, path, unknown)
    if origin is tuple:
        return _decode_tuple(typing.get_args(kind), value, path, unknown)
    if kind is Level and isinstance(value, str):
        return level_of(value)
    if is_dataclass(kind):
        return _decode_dataclass(cast("type", kind), value, path, unknown)
    return _decode_scalar(kind, value, path)


def _decode_tuple(parts: tuple[Any, ...], value: object, path: str, unknown: list[str]) -> tuple[object, ...]:
    if not isinstance(value, list):
        raise bad(path, value, "a list")
    kinds = [parts[0]] * len(value) if parts[-1] is Ellipsis else list(parts)
    if len(kinds) != len(value):
        raise bad(path, value, f"a list of {len(kinds)}")
    return tuple(
        _decode(kind, part, f"{path}[{place}]", unknown)
        for place, (kind, part) in enumerate(zip(kinds, value, strict=True))
    )


def _decode_dataclass(kind: type, value: object, path: str, unknown: list[str]) -> object:
    if not isinstance(value, dict):
        raise bad(path, value, "an object")
    known = _types(kind)
    unknown.extend(f"{path}.{key}" for key in value if key not in known)
    parts = {
        key: _decode(known[key], part, f"{path}.{key}", unknown)
        for key, part in value.items()
        if key in known
    }
    for field in fields(kind):
        if field.name not in parts and field.default is MISSING and field.default_factory is MISSING:
            raise ValueError(f"{path}.{field.name}: missing")
    return kind(**parts)


def _decode_scalar(kind: Any, value: object, path: str) -> object:
    if kind in (dt.date, dt.datetime) or issubclass(kind, Enum):
        try:
            return kind.fromisoformat(value) if not issubclass(kind, Enum) else kind(value)
        except (TypeError, ValueError):
            wanted = " or ".join(part.value for part in kind) if issubclass(kind, Enum) else "an ISO date"
            raise bad(path, value, wanted) from None
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise bad(path, value, {str: "text", int: "a whole number", bool: "true or false"}[kind])
    return value

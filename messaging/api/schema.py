"""How the API's description shows structs: as they are checked and sent, so that it cannot say anything else."""

from __future__ import annotations

from typing import Any

import msgspec
from drf_spectacular.drainage import set_override
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter

REFERENCE = "#/components/schemas/{name}"


class StructSchema(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    target_class = "msgspec.Struct"
    match_subclasses = True

    def get_name(self, auto_schema: Any, direction: str) -> str:
        # A struct inside another one is registered by its name, below: that is no second one of the same name.
        set_override(self.target, "suppress_collision_warning", True)
        return str(self.target.__name__)

    def map_serializer(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """The struct's own schema; the structs inside it become components beside it."""
        known = _schemas(self.target)
        own = known.pop(self.target.__name__)
        for name, schema in known.items():
            part = ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, object=name, schema=schema)  # type: ignore[no-untyped-call]
            auto_schema.registry.register_on_missing(part)
        return own


def parameters(shape: type[msgspec.Struct]) -> list[OpenApiParameter]:
    """The fields of a struct as the parameters of an address; null there means: not given."""
    described = _schemas(shape)[shape.__name__]
    needed, fields = described.get("required", ()), described["properties"].items()
    return [OpenApiParameter(name, _given(schema), required=name in needed) for name, schema in fields]


def _given(schema: dict[str, Any]) -> dict[str, Any]:
    kinds = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    return kinds[0] if len(kinds) == 1 else {name: value for name, value in schema.items() if value is not None}


def _schemas(shape: type[msgspec.Struct]) -> dict[str, dict[str, Any]]:
    return msgspec.json.schema_components((shape,), ref_template=REFERENCE)[1]

"""What a package of CASE 1.1 may hold, as a JSON schema, for the parts that a unit is made of.

Written from the information model of CASE 1.1 (1EdTech, “CFPackage” and its data types for documents, items and
associations in a package). Unlike a document or an item on its own, one in a package names neither the package nor the
document that it belongs to, and nothing may be added but in ``extensions``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

_TEXT: Final = {"type": "string"}
_UUID: Final = {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
}
_URI: Final = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9+.-]*:.+$"}
_MOMENT: Final = {"type": "string", "format": "date-time", "pattern": "Z$"}
_DAY: Final = {"type": "string", "format": "date"}


def _object(required: dict[str, Any], optional: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": required | optional,
        "required": list(required),
        "additionalProperties": False,
    }


def _all(names: Iterable[str], schema: dict[str, Any]) -> dict[str, Any]:
    return dict.fromkeys(names, schema)


_LINK: Final = _object({"title": _TEXT, "identifier": _UUID, "uri": _URI}, {})
_NODE: Final = _object(
    {"title": _TEXT, "identifier": _TEXT, "uri": _URI}, {"targetType": {"type": "string", "pattern": "^(CASE|ext:.+)$"}}
)
_TEXTS: Final = {"type": "array", "items": _TEXT}
_LINKS: Final = {"type": "array", "items": _LINK}
_ANYTHING: Final = {"type": "object"}
_EVERYWHERE: Final = {"identifier": _UUID, "uri": _URI, "lastChangeDateTime": _MOMENT}

_DOCUMENT: Final = _object(
    _EVERYWHERE | _all(("creator", "title"), _TEXT),
    {
        **_all(("frameworkType", "publisher", "description", "language", "version", "adoptionStatus", "notes"), _TEXT),
        **_all(("statusStartDate", "statusEndDate"), _DAY),
        "caseVersion": {"const": "1.1"},
        "officialSourceURL": _URI,
        "subject": _TEXTS,
        "subjectURI": _LINKS,
        "licenseURI": _LINK,
        "extensions": _ANYTHING,
    },
)
_ITEM: Final = _object(
    _EVERYWHERE | {"fullStatement": _TEXT},
    {
        **_all(
            ("alternativeLabel", "CFItemType", "humanCodingScheme", "listEnumeration", "abbreviatedStatement"), _TEXT
        ),
        **_all(("notes", "language"), _TEXT),
        **_all(("conceptKeywords", "subject", "educationLevel"), _TEXTS),
        **_all(("conceptKeywordsURI", "CFItemTypeURI", "licenseURI"), _LINK),
        **_all(("statusStartDate", "statusEndDate"), _DAY),
        "subjectURI": _LINKS,
        "extensions": _ANYTHING,
    },
)
_KINDS_OF_ASSOCIATION: Final = (
    *("isChildOf", "isPeerOf", "isPartOf", "exactMatchOf", "precedes", "isRelatedTo", "replacedBy", "exemplar"),
    *("hasSkillLevel", "isTranslationOf"),
)
_ASSOCIATION: Final = _object(
    {
        **_EVERYWHERE,
        "associationType": {"anyOf": [{"enum": list(_KINDS_OF_ASSOCIATION)}, {"type": "string", "pattern": "^ext:"}]},
        **_all(("originNodeURI", "destinationNodeURI"), _NODE),
    },
    {"sequenceNumber": {"type": "integer"}, "CFAssociationGroupingURI": _LINK, "notes": _TEXT, "extensions": _ANYTHING},
)

PACKAGE: Final = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **_object(
        {"CFDocument": _DOCUMENT},
        {
            "CFItems": {"type": "array", "items": _ITEM},
            "CFAssociations": {"type": "array", "items": _ASSOCIATION},
            "extensions": _ANYTHING,
        },
    ),
}

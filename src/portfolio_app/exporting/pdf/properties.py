"""What a PDF says of itself: its metadata, and the standards that it keeps to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array
from PIL import ImageCms

from portfolio_app.exporting.options import Profile
from portfolio_app.exporting.pdf.appending import AppendedObjects
from portfolio_app.exporting.pdf.structure import property_line, text_string

PROGRAM: Final = "Portfolio App"
"""What made a document, as it says itself."""


@dataclass(frozen=True, slots=True)
class Properties:
    """Title and so on, as a reader shows them. ``written_at`` is None in a copy that tells nothing of its making.

    ``identifier`` tells this copy from all others, if it has one.
    """

    title: str
    author: str
    subject: str
    keywords: Sequence[str]
    program: str
    language: str
    profile: Profile
    written_at: datetime | None
    identifier: str = ""


_PACKET: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
%s
</rdf:Description>%s
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""

# PDF/A asks for a description of every property that is not of its own: of PDF/UA's.
_EXTENSION: Final = """
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file keeps to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


@dataclass(frozen=True, slots=True)
class PropertyObjects:
    """The numbers of the objects that say it; ``colours`` is 0 where nothing is said of them."""

    info: int
    metadata: int
    colours: int

    def put_into(self, document: pikepdf.Pdf) -> None:
        """Let the document that they were added to, opened again, say it."""
        document.trailer.Info = document.get_object((self.info, 0))
        document.Root.Metadata = document.get_object((self.metadata, 0))
        if self.colours:
            document.Root.OutputIntents = Array([document.get_object((self.colours, 0))])


def write_properties(objects: AppendedObjects, properties: Properties) -> PropertyObjects:
    """Write the metadata, the same in the form of today (XMP) and of old, and what the standards ask for."""
    said = properties
    title, author, subject, program = map(property_line, (said.title, said.author, said.subject, said.program))
    keywords = ", ".join(property_line(word) for word in said.keywords)
    info = {"Title": title, "Author": author, "Subject": subject, "Keywords": keywords}
    info |= {"Creator": program, "Producer": program}
    lines = [
        "<dc:format>application/pdf</dc:format>",
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>',
        f"<dc:language><rdf:Bag><rdf:li>{escape(said.language)}</rdf:li></rdf:Bag></dc:language>",
        f"<xmp:CreatorTool>{escape(program)}</xmp:CreatorTool>",
        f"<pdf:Producer>{escape(program)}</pdf:Producer>",
        "<pdfuaid:part>1</pdfuaid:part>",
    ]
    if said.identifier:
        lines.append(f"<dc:identifier>{escape(said.identifier)}</dc:identifier>")
    if author:
        lines.append(f"<dc:creator><rdf:Seq><rdf:li>{escape(author)}</rdf:li></rdf:Seq></dc:creator>")
    if subject:
        lines.append(
            f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{escape(subject)}</rdf:li></rdf:Alt>'
            "</dc:description>"
        )
    if keywords:
        lines.append(f"<pdf:Keywords>{escape(keywords)}</pdf:Keywords>")
    if said.written_at is not None:
        moment = said.written_at.astimezone().replace(microsecond=0)
        stamp = moment.strftime("%Y%m%d%H%M%S%z")
        info["CreationDate"] = info["ModDate"] = f"D:{stamp[:-2]}'{stamp[-2:]}'"
        names = ("CreateDate", "ModifyDate", "MetadataDate")
        lines += [f"<xmp:{name}>{moment.isoformat()}</xmp:{name}>" for name in names]
    extension = ""
    if said.profile is Profile.ARCHIVE:
        lines += ["<pdfaid:part>3</pdfaid:part>", "<pdfaid:conformance>A</pdfaid:conformance>"]
        extension = _EXTENSION
    pairs = "".join(f"/{name} {text_string(text)}" for name, text in info.items() if text)
    packet = (_PACKET % ("\n".join(lines), extension)).encode()
    return PropertyObjects(
        info=objects.add(f"<<{pairs}>>"),
        metadata=objects.add_stream("/Type/Metadata/Subtype/XML", packet),
        colours=_colours(objects) if said.profile is Profile.ARCHIVE else 0,
    )


def _colours(objects: AppendedObjects) -> int:
    """Say that all colours are those of sRGB."""
    profile = objects.add_stream("/N 3", ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    return objects.add(
        f"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)"
        f"/DestOutputProfile {profile} 0 R>>"
    )

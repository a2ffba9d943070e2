"""The reference document that a Word file is made from, in a municipality that has not made its own.

`python -m toolkit.writers.word_reference templates/layouts/standard/reference.docx` writes it. It holds no text: only
the page, the styles with their built-in names, their lists, the colours and the language. All of it is here to read.
"""

from __future__ import annotations

import sys
from pathlib import Path

from toolkit.writers.package import CONTENT_TYPES, XML, pack

_FONT = "Calibri"
_BLUE = "0B3D66"
_SOFT = "444444"
_TINT = "E9F0F6"
_RULE = "C5D3DF"
_LINK = "054A91"
_NOTICE_PAPER, _NOTICE_INK, _NOTICE_RULE = "FFF3CD", "3D2C00", "B07A00"

# A4 with 2,5 cm at the sides, in twips: the text is 16 cm wide
_PAGE, _SIDE, _TOP, _FOOT = (11906, 16838), 1417, 1361, 1304
_TEXT_WIDTH = _PAGE[0] - 2 * _SIDE

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument"


def reference() -> bytes:
    """The file, the same bytes every time."""
    return pack({name: text.encode() for name, text in parts().items()})


def parts() -> dict[str, str]:
    """The file's parts, by name."""
    return {
        CONTENT_TYPES: _content_types(),
        "_rels/.rels": _relationships({"officeDocument": "word/document.xml"}),
        "word/_rels/document.xml.rels": _relationships(
            {name: f"{name}.xml" for name in ("styles", "numbering", "settings", "fontTable")}
            | {"theme": "theme/theme1.xml"}
        ),
        "word/document.xml": _document(),
        "word/styles.xml": _styles(),
        "word/numbering.xml": _numbering(),
        "word/settings.xml": _settings(),
        "word/fontTable.xml": _font_table(),
        "word/theme/theme1.xml": _theme(),
    }


# ── the package ──────────────────────────────────────────────────────────────────────────────


def _content_types() -> str:
    word = f"{_TYPES}.wordprocessingml"
    overrides = {
        "/word/document.xml": f"{word}.document.main+xml",
        "/word/styles.xml": f"{word}.styles+xml",
        "/word/numbering.xml": f"{word}.numbering+xml",
        "/word/settings.xml": f"{word}.settings+xml",
        "/word/fontTable.xml": f"{word}.fontTable+xml",
        "/word/theme/theme1.xml": f"{_TYPES}.theme+xml",
    }
    return (
        f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides.items())
        + "</Types>"
    )


def _relationships(targets: dict[str, str]) -> str:
    return (
        f'{XML}<Relationships xmlns="{_RELATIONSHIPS}">'
        + "".join(
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
            for number, (kind, target) in enumerate(targets.items(), 1)
        )
        + "</Relationships>"
    )


def _document() -> str:
    width, height = _PAGE
    return (
        f"{XML}<w:document {_W} {_R}><w:body><w:sectPr>"
        f'<w:pgSz w:w="{width}" w:h="{height}"/>'
        f'<w:pgMar w:top="{_TOP}" w:right="{_SIDE}" w:bottom="{_FOOT}" w:left="{_SIDE}"'
        ' w:header="680" w:footer="624" w:gutter="0"/><w:cols w:space="708"/>'
        "</w:sectPr></w:body></w:document>"
    )


def _settings() -> str:
    compat = {
        "compatibilityMode": 15,  # less, and Word opens the file as one from an older Word
        "overrideTableStyleFontSizeAndJustification": 1,
        "enableOpenTypeFeatures": 1,
        "doNotFlipMirrorIndents": 1,
        "differentiateMultirowTableHeaders": 1,
    }
    return (
        f'{XML}<w:settings {_W}><w:zoom w:percent="100"/><w:defaultTabStop w:val="1304"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
        + "".join(
            f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
            for name, value in compat.items()
        )
        + '</w:compat><w:themeFontLang w:val="da-DK"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/>'
        "</w:settings>"
    )


def _font_table() -> str:
    return (
        f'{XML}<w:fonts {_W}><w:font w:name="{_FONT}"><w:panose1 w:val="020F0502020204030204"/>'
        '<w:charset w:val="00"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>'
    )


def _theme() -> str:
    """The colours and the font that Word offers its user beside the styles' own."""
    system = {"dk1": ("windowText", "000000"), "lt1": ("window", "FFFFFF")}
    colours = {
        "dk2": _BLUE,
        "lt2": _TINT,
        "accent1": _BLUE,
        "accent2": "2F7D6B",
        "accent3": "B07A00",
        "accent4": "8A3B52",
        "accent5": "5B6B7A",
        "accent6": "3E7CB1",
        "hlink": _LINK,
        "folHlink": "5A3E85",
    }
    fonts = f'<a:latin typeface="{_FONT}"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="6350">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'{XML}<a:theme {_A} name="Standard"><a:themeElements><a:clrScheme name="Standard">'
        + "".join(f'<a:{n}><a:sysClr val="{value}" lastClr="{last}"/></a:{n}>' for n, (value, last) in system.items())
        + "".join(f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in colours.items())
        + f'</a:clrScheme><a:fontScheme name="Standard"><a:majorFont>{fonts}</a:majorFont>'
        f'<a:minorFont>{fonts}</a:minorFont></a:fontScheme><a:fmtScheme name="Standard">'
        f"<a:fillStyleLst>{fill * 3}</a:fillStyleLst><a:lnStyleLst>{line * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{effect * 3}</a:effectStyleLst><a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst>"
        "</a:fmtScheme></a:themeElements></a:theme>"
    )


# ── lists ────────────────────────────────────────────────────────────────────────────────────

_BULLETS = ("\u2022", "\u2013", "\u25aa")  # a dot, a dash, a small square
_NUMBERS = (("decimal", "%1."), ("lowerLetter", "%1)"), ("lowerRoman", "%1."))
_STEP = 397  # 0,7 cm: how far each list stands inside the one around it


def _numbering() -> str:
    """One list for each list style; a file's own lists that begin anew are made from these."""
    bullets = "".join(
        _list(number, "bullet", sign, depth, _style_id(_deep("List Bullet", depth)))
        for number, (depth, sign) in enumerate(enumerate(_BULLETS, 1), 1)
    )
    numbers = "".join(
        _list(number, kind, text, depth, _style_id(_deep("List Number", depth)))
        for number, (depth, (kind, text)) in enumerate(enumerate(_NUMBERS, 1), 4)
    )
    used = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(1, 7))
    return f"{XML}<w:numbering {_W}>{bullets}{numbers}{used}</w:numbering>"


def _list(number: int, kind: str, text: str, depth: int, style: str) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
        f'<w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:pStyle w:val="{style}"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{depth * _STEP}" w:hanging="{_STEP}"/></w:pPr></w:lvl>'
        "</w:abstractNum>"
    )


def _deep(name: str, depth: int) -> str:
    """The name of a list style: List Bullet, List Bullet 2 …"""
    return name if depth == 1 else f"{name} {depth}"


# ── styles ───────────────────────────────────────────────────────────────────────────────────


def _styles() -> str:
    return (
        f"{XML}<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr>"
        f'<w:rFonts w:ascii="{_FONT}" w:hAnsi="{_FONT}" w:eastAsia="{_FONT}" w:cs="{_FONT}"/>'
        '<w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="da-DK" w:eastAsia="da-DK" w:bidi="ar-SA"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        '<w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="1" w:defUnhideWhenUsed="1"'
        ' w:defQFormat="0" w:count="376"/>'
        + _text_styles()
        + _list_styles()
        + _contents_styles()
        + _our_styles()
        + _other_styles()
        + "</w:styles>"
    )


def _text_styles() -> str:
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f"<w:pPr><w:widowControl/>{_spacing(0, 7, 264)}</w:pPr><w:rPr>{_size(11)}</w:rPr></w:style>"
    )
    return (
        normal
        + _style("Title", _KEEP + _spacing(0, 3, 240), _look(24, _BLUE, bold=True))
        + _style("Subtitle", _KEEP + _spacing(0, 12, 240), _look(14, _SOFT))
        + _heading(1, before=16, after=4, size=16)
        + _heading(2, before=12, after=3, size=13)
        + _heading(3, before=11, after=3, size=11.5)
        + _heading(4, before=10, after=2, size=11)
        + _style("caption", _KEEP + _spacing(10, 4, 240), _look(10, _BLUE, bold=True))
        + _style("Quote", _border("left", 18, 10, _RULE) + _spacing(0, 7) + '<w:ind w:left="397" w:right="397"/>',
                 _look(11, _SOFT))
        + _style("footer", _border("top", 4, 6, _RULE) + _tabs(("right", "none", _TEXT_WIDTH)) + _spacing(0, 0, 240),
                 _look(9, _SOFT))
        + _style("header", _spacing(0, 0, 240), _look(9, _SOFT))
    )  # fmt: skip


def _list_styles() -> str:
    """Items stand close; the last has a paragraph's room below it, for the room is between different styles only."""
    close = _spacing(0, 5) + "<w:contextualSpacing/>"
    found = ""
    for depth in (1, 2, 3):
        for name, number in (("List Bullet", depth), ("List Number", depth + 3)):
            found += _style(_deep(name, depth), f'<w:numPr><w:numId w:val="{number}"/></w:numPr>{close}')
        found += _style(_deep("List Continue", depth), f'{_spacing(0, 5)}<w:ind w:left="{depth * _STEP}"/>')
    return found


def _contents_styles() -> str:
    right = _tabs(("right", "dot", _TEXT_WIDTH))
    return (
        _style("TOC Heading", _KEEP + _spacing(18, 6, 240), _look(16, _BLUE, bold=True))
        + _style("toc 1", right + _spacing(5, 1, 240), _look(11, None, bold=True))
        + _style("toc 2", right + _spacing(0, 1, 240) + '<w:ind w:left="284"/>')
    )


def _our_styles() -> str:
    """What Word has no name for; they follow Normal, so that a change of its font changes them too."""
    label = 2835  # 5 cm for the label, then its value
    rules = _borders(("top", 4, 5, _RULE), ("bottom", 4, 5, _RULE))
    bar = _borders(("top", 4, 5, _TINT), ("left", 36, 8, _BLUE), ("bottom", 4, 5, _TINT), ("right", 4, 8, _TINT))
    box = _borders(*(
        (side, 36 if side == "left" else 12, 8 if side in ("left", "right") else 6, _NOTICE_RULE)
        for side in ("top", "left", "bottom", "right")
    ))  # fmt: skip
    inside = '<w:ind w:left="227" w:right="198"/>'
    return (
        _style("Stamdata", rules + _tabs(("left", "none", label)) + _spacing(6, 14, 252)
               + f'<w:ind w:left="{label}" w:hanging="{label}"/><w:contextualSpacing/>', ours=True)
        + _style("Nøgletal", "<w:keepLines/>" + bar + _shade(_TINT) + _tabs(("left", "none", label + 851))
                 + _spacing(8, 11, 276) + f'<w:ind w:left="{label + 851}" w:right="198" w:hanging="{label + 624}"/>'
                 "<w:contextualSpacing/>", ours=True)
        + _style("Bemærk", "<w:keepLines/>" + box + _shade(_NOTICE_PAPER) + _spacing(8, 14, 252) + inside
                 + "<w:contextualSpacing/>", _look(11, _NOTICE_INK, bold=True), ours=True)
        + _style("Tabeltekst", _spacing(2, 2, 240), _look(10, None), ours=True)
        + _style("Beløb", '<w:jc w:val="right"/>', based_on="Tabeltekst", ours=True)
    )  # fmt: skip


def _other_styles() -> str:
    head = (
        f'<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:color w:val="{_BLUE}"/></w:rPr><w:tblPr/><w:tcPr>'
        f"<w:tcBorders>{_edge('top', 8, 0, _BLUE)}{_edge('bottom', 8, 0, _BLUE)}</w:tcBorders>{_shade(_TINT)}"
        '<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
    )
    total = (
        '<w:tblStylePr w:type="lastRow"><w:rPr><w:b/></w:rPr><w:tblPr/><w:tcPr><w:tcBorders>'
        f"{_edge('top', 8, 0, _BLUE)}{_edge('bottom', 8, 0, _BLUE)}</w:tcBorders></w:tcPr></w:tblStylePr>"
    )
    sides = '<w:left w:w="85" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="85" w:type="dxa"/>'
    return (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
        '<w:basedOn w:val="DefaultParagraphFont"/><w:uiPriority w:val="99"/>'
        f'<w:rPr><w:color w:val="{_LINK}"/><w:u w:val="single"/></w:rPr></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        f'<w:top w:w="0" w:type="dxa"/>{sides}</w:tblCellMar></w:tblPr></w:style>'
        # Word gives a new table this style, so the tables that a colleague adds look like ours.
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
        '<w:uiPriority w:val="39"/><w:qFormat/><w:tblPr><w:tblBorders>'
        f"{_edge('top', 8, 0, _BLUE)}{_edge('bottom', 8, 0, _BLUE)}{_edge('insideH', 4, 0, _RULE)}"
        f"</w:tblBorders></w:tblPr>{head}{total}</w:style>"
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
    )


def _heading(level: int, *, before: float, after: float, size: float) -> str:
    return _style(
        f"heading {level}",
        f'{_KEEP}<w:keepLines/>{_spacing(before, after, 240)}<w:outlineLvl w:val="{level - 1}"/>',
        _look(size, _BLUE, bold=True),
    )


def _style(name: str, paragraph: str = "", run: str = "", *, based_on: str = "Normal", ours: bool = False) -> str:
    """One paragraph style; `paragraph` and `run` say what differs from the style that it builds on."""
    following = "" if ours or name.startswith(("List", "toc", "foot", "header")) else '<w:next w:val="Normal"/>'
    custom = ' w:customStyle="1"' if ours else ""
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{_style_id(name)}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{_style_id(based_on)}"/>{following}<w:qFormat/>'
        + (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "")
        + (f"<w:rPr>{run}</w:rPr>" if run else "")
        + "</w:style>"
    )


def _style_id(name: str) -> str:
    """Word's own way: the words of the name, run together, in letters that every program can read."""
    words = "".join(word[:1].upper() + word[1:] for word in name.replace("toc", "TOC").split())
    return words.translate({ord("æ"): "ae", ord("ø"): "oe", ord("å"): "aa"})


_KEEP = "<w:keepNext/>"


def _look(size: float, colour: str | None, *, bold: bool = False) -> str:
    return ("<w:b/><w:bCs/>" if bold else "") + (f'<w:color w:val="{colour}"/>' if colour else "") + _size(size)


def _size(points: float) -> str:
    return f'<w:sz w:val="{points * 2:.0f}"/><w:szCs w:val="{points * 2:.0f}"/>'


def _spacing(before: float, after: float, line: int | None = None) -> str:
    """Room above and below in points; a line of 240 is single."""
    lines = f' w:line="{line}" w:lineRule="auto"' if line else ""
    return f'<w:spacing w:before="{before * 20:.0f}" w:after="{after * 20:.0f}"{lines}/>'


def _tabs(*stops: tuple[str, str, int]) -> str:
    inner = "".join(f'<w:tab w:val="{side}" w:leader="{leader}" w:pos="{at}"/>' for side, leader, at in stops)
    return f"<w:tabs>{inner}</w:tabs>"


def _shade(colour: str) -> str:
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{colour}"/>'


def _border(side: str, eighths: int, space: int, colour: str) -> str:
    return _borders((side, eighths, space, colour))


def _borders(*edges: tuple[str, int, int, str]) -> str:
    return f"<w:pBdr>{''.join(_edge(*edge) for edge in edges)}</w:pBdr>"


def _edge(side: str, eighths: int, space: int, colour: str) -> str:
    """One edge: its width in eighths of a point, its distance from the text in points."""
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{colour}"/>'


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(reference())

"""A document as a page to copy from, field by field, for systems that take typed text."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256

from toolkit.documents.kind import Layout
from toolkit.documents.tree import (
    Block,
    BulletList,
    Document,
    Figure,
    Heading,
    Inlines,
    KeyFigures,
    NumberedList,
    PageBreak,
    Paragraph,
    Quote,
    Section,
    Table,
    TableOfContents,
    Text,
    as_text,
    walk,
)
from toolkit.writers.characters import escape
from toolkit.writers.html import harmless, inlines
from toolkit.writers.outline import outline

# What a field holds goes to the clipboard twice: as the plain HTML that stands there, and as the text in the button's
# own attribute. A browser that refuses the new way may still take the old one, where the copying itself is caught.
_SCRIPT = """
const said = document.getElementById("said");
const old = (html, text) => {
  const put = (event) => {
    event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", put);
  const done = document.execCommand("copy");
  document.removeEventListener("copy", put);
  if (!done) throw new Error("copy");
};
const copy = async (html, text) => {
  try {
    const as = (type, words) => new Blob([words], { type });
    await navigator.clipboard.write([
      new ClipboardItem({ "text/html": as("text/html", html), "text/plain": as("text/plain", text) }),
    ]);
  } catch {
    old(html, text);
  }
};
for (const button of document.querySelectorAll("button")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.field);
    const name = document.getElementById(button.dataset.name).textContent;
    said.textContent = "";
    try {
      await copy(field.innerHTML.trim(), button.dataset.text);
      said.textContent = `Kopieret: ${name}`;
    } catch {
      said.textContent = `${name} kunne ikke kopieres. Markér teksten, og kopiér den selv.`;
    }
  });
}
"""

_STYLE = """
.field {
  display: grid;
  grid-template-columns: minmax(0, 1fr) auto;
  align-items: center;
  gap: .5rem 1rem;
  margin: 1rem 0;
  border: 1px solid var(--rule);
  padding: .6rem 1rem;
}
.field > h2 { margin: 0; }
.field > button {
  border: 2px solid var(--link);
  border-radius: .25rem;
  padding: .4rem .9rem;
  background: var(--paper);
  color: var(--link);
  font: inherit;
  font-weight: bold;
  cursor: pointer;
}
.field > button:focus-visible, .content:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.content { grid-column: 1 / -1; overflow-x: auto; }
.content > :last-child { margin-bottom: 0; }
#said {
  position: sticky;
  bottom: 0;
  margin: 0;
  background: var(--paper);
  font-weight: bold;
}
#said:not(:empty) { border-top: 1px solid var(--rule); padding: .6rem 0; }
@media print { button, #said, noscript { display: none; } }
"""


def write(document: Document, layout: Layout) -> bytes:
    """The page, in UTF-8. Without its script it is a page to mark and copy from."""
    title = escape(document.title)
    notices = "".join(f'<p class="notice" role="note">{escape(notice)}</p>\n' for notice in document.notices)
    text = f"""\
<!DOCTYPE html>
<html lang="{escape(document.language.partition("-")[0])}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; {_allowed(_SCRIPT)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} – til kopiering</title>
<meta name="author" content="{escape(document.author)}">
<meta name="description" content="{escape(document.subject)}">
<meta name="date" content="{document.day.isoformat()}">
<style>
{harmless(layout.style).strip()}
{_STYLE.strip()}
</style>
</head>
<body>
<header>
<h1>{title} – til kopiering</h1>
<p class="subtitle">{escape(document.subtitle)}</p>
{notices}<p>Kopiér ét felt ad gangen, og sæt det ind i det felt, der hedder det samme, hvor teksten skal bruges.</p>
<noscript><p>Knapperne virker ikke her: markér i stedet teksten i et felt, og kopiér den med Ctrl+C.</p>
</noscript>
</header>
<main>
{_Page(document).fields()}<p id="said" role="status"></p>
</main>
<footer>
<p>{escape(document.running or document.author)}</p>
</footer>
<script>{_SCRIPT}</script>
</body>
</html>
"""
    return text.encode()


def _allowed(script: str) -> str:
    """The rule that lets this one script run, and nothing that a layout or a text might bring."""
    return f"script-src 'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


class _Page:
    """The tree to fields of plain HTML, top down: headings take their levels as they are met."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._ahead = iter(outline(document))

    def fields(self) -> str:
        """Each field with its name and its button."""
        return "".join(
            _field(number, name, blocks, html) for number, (name, blocks, html) in enumerate(self._fields(), start=1)
        )

    def _fields(self) -> Iterator[tuple[str, tuple[Block, ...], str]]:
        """What a field is called and what goes in it: title and front, then each section in the document's order."""
        title, front = self._document.title, self._document.front
        titled = any(value == title for _label, value in front)  # some forms have a line for it
        for label, value in front if titled else (("Titel", title), *front):
            yield label, (Paragraph((Text(value),)),), f"<p>{escape(value)}</p>\n"
        for block in self._document.blocks:
            match block:
                case Section(heading=heading, blocks=blocks) if heading:
                    next(self._ahead)
                    name = heading
                case _:
                    name, blocks = "Tekst", (block,)
            if html := self._blocks(blocks):
                yield name, blocks, html

    def _blocks(self, blocks: tuple[Block, ...]) -> str:
        return "".join(self._block(block) for block in blocks)

    def _block(self, block: Block) -> str:
        match block:
            case Heading():
                return self._heading()
            case Paragraph(content):
                return f"<p>{inlines(content)}</p>\n"
            case Quote(blocks):
                return f"<blockquote>\n{self._blocks(blocks)}</blockquote>\n"
            case BulletList(items):
                return f"<ul>\n{self._items(items)}</ul>\n"
            case NumberedList(items, start):
                begins = f' start="{start}"' if start != 1 else ""
                return f"<ol{begins}>\n{self._items(items)}</ol>\n"
            case Table():
                return _table(block)
            case KeyFigures(items):
                figures = "".join(f"<li>{inlines(label)}: {inlines(value)}</li>\n" for label, value in items)
                return f"<ul>\n{figures}</ul>\n"
            case Figure(alt=alt):
                return f"<p>{escape(alt)}</p>\n"
            case Section(heading=heading, blocks=blocks):
                return (self._heading() if heading else "") + self._blocks(blocks)
            case TableOfContents() | PageBreak():
                return ""

    def _heading(self) -> str:
        entry = next(self._ahead)
        tag = f"h{min(entry.level + 1, 6)}"  # the title is h1 and a field's name h2
        return f"<{tag}>{inlines(entry.content)}</{tag}>\n"

    def _items(self, items: tuple[tuple[Block, ...], ...]) -> str:
        return "".join(f"<li>{self._item(item)}</li>\n" for item in items)

    def _item(self, item: tuple[Block, ...]) -> str:
        match item:
            case (Paragraph(content), *rest):
                return inlines(content) + ("\n" + self._blocks(tuple(rest)) if rest else "")
            case _:
                return "\n" + self._blocks(item)


def _field(number: int, name: str, blocks: tuple[Block, ...], html: str) -> str:
    text = "\n".join(as_text(blocks))
    # What can be wider than a phone scrolls by itself: whoever uses a keyboard must be able to reach it.
    wide = any(isinstance(block, Table) for block in walk(blocks))
    reach = f' role="region" aria-labelledby="name-{number}" tabindex="0"' if wide else ""
    return (
        f'<div class="field">\n<h2 id="name-{number}">{escape(name)}</h2>\n'
        f'<button type="button" id="copy-{number}" aria-labelledby="copy-{number} name-{number}" hidden '
        f'data-field="field-{number}" data-name="name-{number}" data-text="{_attribute(text)}">Kopiér</button>\n'
        f'<div class="content" id="field-{number}"{reach}>\n{html}</div>\n</div>\n'
    )


def _attribute(text: str) -> str:
    """The lines of a text as an attribute keeps them."""
    return "&#10;".join("&#9;".join(escape(cell) for cell in line.split("\t")) for line in text.split("\n"))


def _table(table: Table) -> str:
    caption = f"<caption>{escape(table.caption)}</caption>\n" if table.caption else ""
    head = "".join(f'<th scope="col">{inlines(cell)}</th>' if cell else "<td></td>" for cell in table.header)
    rows = "".join(_row(row) for row in (*table.rows, *([table.total] if table.total else ())))
    return f"<table>\n{caption}<thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n{rows}</tbody>\n</table>\n"


def _row(row: tuple[Inlines, ...]) -> str:
    return f"<tr>{''.join(f'<td>{inlines(cell)}</td>' for cell in row)}</tr>\n"

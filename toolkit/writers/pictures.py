"""Pictures (svg) as what Word can show: png, at the size that the picture asks for."""

from __future__ import annotations

import re
from functools import lru_cache
from math import inf

from toolkit.writers import N_, Unsupported
from toolkit.writers.typesetting import string, typeset

_SIZE = re.compile(r'<svg\b[^>]*?\bwidth="(\d+(?:\.\d+)?)mm"[^>]*?\bheight="(\d+(?:\.\d+)?)mm"')
_PIXELS_PER_INCH = 150  # sharp enough on paper; 200 takes half as much time again


def fitted(svg: str, width: float, height: float = inf) -> tuple[float, float]:
    """The width and height of a picture in millimetres, made smaller when it is larger than there is room for."""
    found = _SIZE.search(svg)
    own_width, own_height = map(float, found.groups()) if found else (0.0, 0.0)
    if not own_width or not own_height:
        raise Unsupported(N_("a picture that does not give its width and height in mm"))
    scale = min(1.0, width / own_width, height / own_height)
    return own_width * scale, own_height * scale


@lru_cache(maxsize=32)
def png(svg: str, width: float) -> bytes:
    """The picture in pixels, as many as it takes so many millimetres wide; words in the font that came with this tool.

    What a picture says of its own size is a stranger's: as many pixels as that may ask for fit no memory.
    """
    page = "#set page(width: auto, height: auto, margin: 0pt)\n"
    return typeset(
        f'{page}#image(bytes({string(svg)}), format: "svg", width: {width:g}mm)\n', "png", ppi=_PIXELS_PER_INCH
    )

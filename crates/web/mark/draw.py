"""Draws the SVG pictures of the provider mark: words become outlines of Inter, so that no font is needed where they
are shown. Needs fonttools: draw.py FOLDER_OF_INTER. The PNG files are made of them by e2e/mark.mjs."""
import os
import sys

from fontTools.ttLib import TTFont
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
F = sys.argv[1].rstrip("/") + "/"  # the folder of Inter (OFL)
fonts = {w: TTFont(F + f"Inter-{w}.otf") for w in ("SemiBold", "Medium")}
def text(words, weight, size, x, y, spacing=0.0):
    font = fonts[weight]; cmap = font.getBestCmap(); glyphs = font.getGlyphSet()
    scale = size / font["head"].unitsPerEm
    d = []
    for c in words:
        g = cmap[ord(c)]
        pen = SVGPathPen(glyphs, ntos=lambda v: ("%.1f" % v).rstrip("0").rstrip(".").replace("-0.", "-.") if v else "0")
        glyphs[g].draw(TransformPen(pen, (scale, 0, 0, -scale, x, y)))
        d.append(pen.getCommands())
        x += glyphs[g].width * scale + spacing
    return "".join(d), x
def mark(line1, line2, title, ground, edge, ink, soft, disc, sign, current):
    one, e1 = text(line1, "SemiBold", 25, 96, 45)
    two, e2 = text(line2, "Medium", 16.5, 96, 70, 0.1)
    width = round(max(e1, e2) + 26)
    if current:
        inner = f'<path fill="none" stroke="{sign}" stroke-width="4.6" d="M57.6 36.2a15.4 15.4 0 1 0 4.7 13"/><path fill="none" stroke="{sign}" stroke-width="4.6" d="m39.2 46.5 8.2 8.2 16.3-18.2"/>'
    else:
        inner = f'<path fill="none" stroke="{sign}" stroke-width="4.6" d="M57.6 36.2a15.4 15.4 0 1 0 4.7 13"/><path fill="none" stroke="{sign}" stroke-width="4.6" d="M38 48h20"/>'
    return width, f'''<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="96" viewBox="0 0 {width} 96" role="img">
<title>{title}</title>
<rect x="1" y="1" width="{width-2}" height="94" rx="12" fill="{ground}" stroke="{edge}" stroke-width="2"/>
<circle cx="48" cy="48" r="30" fill="{disc}"/>
{inner}
<path fill="{ink}" d="{one}"/>
<path fill="{soft}" d="{two}"/>
</svg>
'''
out = os.path.dirname(os.path.abspath(__file__)) + "/"
good = ("CME credit reported", "to physicians and their boards", "CME credit reported to physicians and their boards")
bad = ("Not current", "Provider mark for CME credit", "This provider mark is not current")
for name, words, colours, current in [
    ("light", good, ("#ffffff", "#00586e", "#15212a", "#4a5963", "#00586e", "#ffffff"), True),
    ("dark", good, ("#0f171b", "#7cc8dd", "#e7edef", "#a9b8bf", "#7cc8dd", "#04212a"), True),
    ("light-ended", bad, ("#f3f6f7", "#8a979f", "#4a5963", "#4a5963", "#6b7a84", "#ffffff"), False),
    ("dark-ended", bad, ("#172228", "#6b7a84", "#a9b8bf", "#a9b8bf", "#7d909a", "#0f171b"), False),
]:
    width, svg = mark(*words, *colours, current)
    open(out + name + ".svg", "w").write(svg)
    print(name, width, len(svg))

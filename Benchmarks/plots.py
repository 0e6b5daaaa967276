"""The plots of docs/benchmarks.md, as SVG: text that is read in light and dark, and nothing but the standard library."""

import math
from xml.sax.saxutils import escape

from figures import PEERS, text

#: Colours by use, for a light page and for a dark one; those of programs differ in lightness, too.
LIGHT = {"ink": "#1f2328", "faint": "#d1d9e0", "well": "#1a7f37", "a": "#0a58ca", "b": "#b54708", "c": "#6b7280"}
DARK = {"ink": "#f0f6fc", "faint": "#3d444d", "well": "#3fb950", "a": "#6ea8fe", "b": "#f0883e", "c": "#9ea7b3"}


def colors(palette):
    """Rules without CSS variables, which not every reader of SVG knows."""
    marks = "".join(f".{name} {{ fill: {palette[name]}; stroke: {palette[name]} }} " for name in "abc")
    lines = f".grid {{ stroke: {palette['faint']} }} .one {{ stroke: {palette['ink']} }} .goal {{ stroke: {palette['well']} }} "
    return f"text {{ fill: {palette['ink']} }} {lines}{marks}.line, .hollow {{ fill: none }}"


STYLE = f"""
  text {{ font: 12px system-ui, sans-serif }} .small {{ font-size: 11px }} .title {{ font-size: 14px; font-weight: 600 }}
  .end {{ text-anchor: end }} .middle {{ text-anchor: middle }}
  .one {{ stroke-dasharray: 4 3 }} .goal, .line, .hollow {{ stroke-width: 2 }}
  {colors(LIGHT)}
  @media (prefers-color-scheme: dark) {{ {colors(DARK)} }}
"""
CLASSES = dict(zip(PEERS, "abc"))


class Drawing:
    """An SVG that grows by an element a call."""

    def __init__(self, width, height, title):
        self.parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
            f"<title>{escape(title)}</title>",
            f"<style>{STYLE}</style>",
        ]

    def text(self, x, y, words, classes=""):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" class="{classes}">{escape(words)}</text>')

    def line(self, x1, y1, x2, y2, classes):
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{classes}"/>')

    def dot(self, x, y, classes, tip, radius=4):
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" class="{classes}"><title>{escape(tip)}</title></circle>')

    def path(self, points, classes):
        steps = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{steps}" class="line {classes}"/>')

    def finished(self):
        return "\n".join([*self.parts, "</svg>", ""])


class LogAxis:
    """Decades between two places."""

    def __init__(self, values, begin, end):
        values = [value for value in values if value > 0] or [1]
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        self.decades = [10.0**exponent for exponent in range(low, max(high, low + 1) + 1)]
        self.begin, self.end = begin, end

    def __call__(self, value):
        low, high = math.log10(self.decades[0]), math.log10(self.decades[-1])
        share = (math.log10(value) - low) / (high - low) if value > 0 else 0
        return self.begin + share * (self.end - self.begin)


def ratios(figures):
    """What each figure is of another program's, on a log axis; where more is better the other way round."""
    rows = []
    for figure in figures.values():
        ratio = (lambda value: 1 / value) if figure.get("moreIsBetter") else (lambda value: value)
        peers = {name: ratio(peer["ratio"]) for name, peer in figure.get("peers", {}).items() if peer["ratio"] > 0}
        if peers:
            # The goal as a part of the peer of which it is one.
            first = next(iter(figure["peers"].values()))["value"]
            rows.append((figure["what"], peers, figure["goal"] / first if "goal" in figure else None))
    left, width, step, top = 360, 860, 20, 70
    height = top + step * len(rows) + 40
    drawing = Drawing(width, height, "gtoken and gtoken-webhook beside other programs")
    values = [value for _, peers, most in rows for value in [*peers.values(), most or 1]] + [1]
    axis = LogAxis(values, left, width - 30)
    drawing.text(10, 22, "What ours need of what other programs need (further left is better; 1 is as much)", "title")
    x = 10
    for name, color in CLASSES.items():
        drawing.dot(x + 5, 40, color, name)
        drawing.text(x + 14, 44, f"beside {name}")
        x += 150
    drawing.line(x + 5, 34, x + 5, 46, "goal")
    drawing.text(x + 12, 44, "goal")
    bottom = top + step * len(rows)
    for decade in axis.decades:
        drawing.line(axis(decade), top - 10, axis(decade), bottom, "one" if decade == 1 else "grid")
        drawing.text(axis(decade), bottom + 16, f"{decade:g}", "small middle")
    for index, (what, peers, most) in enumerate(rows):
        y = top + step * index + 4
        drawing.text(left - 12, y + 4, what, "small end")
        drawing.line(axis(axis.decades[0]), y, axis(axis.decades[-1]), y, "grid")
        if most:
            drawing.line(axis(most), y - 7, axis(most), y + 7, "goal")
        for name, value in peers.items():
            drawing.dot(axis(value), y, CLASSES[name], f"{what}: {text(value)} of {name}")
    return drawing.finished()


QUANTILES = {"p50": "a", "p90": "c", "p99": "b"}
CONNECTIONS = [1, 8, 64]
#: Where the panels of latency begin, beside what stands on their axis.
LEFT = 70
SIZES = {"small": "small, 2.7 KB", "medium": "medium, 11.7 KB", "large": "large, 54.6 KB", "huge": "huge, 17.4 MB"}


def latency(figures):
    """Percentiles by connections, a panel for each size of reviews; another webhook's as rings."""
    got = {key: figures[key]["value"] for size in SIZES for count in CONNECTIONS for q in QUANTILES if (key := f"{size} {count} {q}") in figures}
    other, others = next(iter(PEERS.items()))
    rings = {key: others[key] for key in got if key in others}
    panel, top, low, gap = 180, 80, 320, 30
    drawing = Drawing(LEFT + len(SIZES) * (panel + gap), low + 60, "How long reviews wait for their answers")
    axis = LogAxis([*got.values(), *rings.values()], low, top)
    drawing.text(10, 22, "How long a review waits for its answer, by connections that are busy at once", "title")
    x = 10
    for quantile, color in QUANTILES.items():
        drawing.dot(x + 5, 42, color, quantile)
        drawing.text(x + 14, 46, quantile)
        x += 60
    drawing.dot(x + 5, 42, "c hollow", other)
    drawing.text(x + 14, 46, f"{other}, in the same colour")
    for number, (size, name) in enumerate(SIZES.items()):
        left = LEFT + number * (panel + gap)
        place = {count: left + 20 + index * (panel - 40) / 2 for index, count in enumerate(CONNECTIONS)}
        drawing.text(left + panel / 2, top - 8, name, "middle")
        for decade in axis.decades:
            drawing.line(left, axis(decade), left + panel, axis(decade), "grid")
            if number == 0:
                drawing.text(left - 6, axis(decade) + 4, f"{decade:,g} ms", "small end")
        for count, x in place.items():
            drawing.text(x, low + 18, str(count), "small middle")
        for quantile, color in QUANTILES.items():
            points = [(count, got[key]) for count in CONNECTIONS if (key := f"{size} {count} {quantile}") in got]
            if points:
                drawing.path([(place[count], axis(value)) for count, value in points], color)
            for count, value in points:
                drawing.dot(place[count], axis(value), color, f"{name}, {count}: {quantile} {text(value)} ms", 3)
            for count in CONNECTIONS:
                if (ring := rings.get(f"{size} {count} {quantile}")) is not None:
                    drawing.dot(place[count], axis(ring), f"{color} hollow", f"{other}, {name}, {count}: {quantile} {text(ring)} ms", 5)
    drawing.text(LEFT, low + 42, "connections", "small")
    return drawing.finished()

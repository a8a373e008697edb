"""What a student's code draws with matplotlib, as data: `plotted`.

A snippet in the room calls the function and looks at the figures that it leaves. Only texts and numbers come out of the
room, and each is doubted here: a field that is not of its kind is taken for empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.checking import calls
from grader.checking.api.handles import Function, Handle, held_of, origin_of, told
from grader.checking.api.proxy import LibraryProxy, SubmissionProxy
from grader.checking.session.claims import text_in, texts_in
from grader.sandbox.operations import CallFunction

_MOST = 1000
"""Plots of a call; lines, texts and so on of a plot."""
_MOST_LETTERS = 1000

Numbers = np.ndarray[Any, Any]
_NONE: Numbers = np.zeros(0)


@dataclass(frozen=True)
class Drawn:
    """A line, the points of a scatter plot, or the bars of a bar chart or histogram."""

    label: str
    """As it stands in the legend; empty for none."""
    x: Numbers
    """float64; of bars their centres."""
    y: Numbers
    """float64; of bars their ends. Of horizontal bars x and y are exchanged."""
    color: str
    """``#rrggbb``; of several the first."""


@dataclass(frozen=True)
class DrawnPlot:
    """One pair of axes, without colour bars."""

    title: str
    """That of the axes; where they have none, and are alone in their figure, the figure's."""
    xlabel: str
    ylabel: str
    xscale: str
    """``linear``, ``log`` and so on."""
    yscale: str
    xlim: tuple[float, float]
    ylim: tuple[float, float]
    xticks: tuple[str, ...]
    """The texts at the ticks, such as the names of bars."""
    yticks: tuple[str, ...]
    legend: tuple[str, ...]
    """Empty where no legend is shown."""
    texts: tuple[str, ...]
    lines: tuple[Drawn, ...]
    points: tuple[Drawn, ...]
    bars: tuple[Drawn, ...]
    images: tuple[Numbers, ...] = field(default=())
    """What `imshow` and its like were given."""


def plotted(target: Any, *args: Any, **kwargs: Any) -> list[DrawnPlot]:
    """The plots that a call draws, in the order in which they were made.

    `target` is a function of the submission's, which is called; a figure or axes of the submission's, which are looked
    at as they are; or the submission itself, for what it draws outside of functions. A call begins without an open
    figure, as a cell of a notebook does. Fails where nothing is drawn. Raises TypeError where the problem does not
    require matplotlib.
    """
    __tracebackhide__ = True
    if isinstance(target, SubmissionProxy):
        function: Function | Handle = Function(target._examination, "")
        origin: calls.Origin = calls.Part("the file")
        asked: Any = None
    elif isinstance(target, (Function, Handle)):
        function, asked = target, target
        name = origin_of(target) if isinstance(target, Handle) else held_of(target).type_name
        origin = calls.Call(name, args, kwargs)
    else:
        raise TypeError("plotted takes a function or a figure of the submission's, or the submission itself")
    link = held_of(function).link
    if not link.examination.may_import("matplotlib"):
        raise TypeError("plotted needs matplotlib under requirements: in problem.yaml")
    look = LibraryProxy(link.examination).define(_LOOK).look
    call = origin if isinstance(origin, calls.Call) else calls.Call("", (), {})
    calls.note(None, call)
    said = told(link, CallFunction(look, (asked, args, kwargs), {}), call)
    found = [drawing_of(each) for each in said[:_MOST] if isinstance(each, dict)] if isinstance(said, list) else []
    for index, plot in enumerate(found, 1):
        _note(plot, origin, index if len(found) > 1 else 0)
    if not found:
        raise AssertionError(f"{origin.text} draws nothing")
    return found


def drawing_of(said: Mapping[Any, Any]) -> DrawnPlot:
    """What the room says of one pair of axes."""
    return DrawnPlot(
        title=_text(said.get("title")),
        xlabel=_text(said.get("xlabel")),
        ylabel=_text(said.get("ylabel")),
        xscale=_text(said.get("xscale")),
        yscale=_text(said.get("yscale")),
        xlim=_limits(said.get("xlim")),
        ylim=_limits(said.get("ylim")),
        xticks=_texts(said.get("xticks")),
        yticks=_texts(said.get("yticks")),
        legend=_texts(said.get("legend")),
        texts=_texts(said.get("texts")),
        lines=_series(said.get("lines")),
        points=_series(said.get("points")),
        bars=_series(said.get("bars")),
        images=tuple(each for each in _list(said.get("images")) if isinstance(each, np.ndarray)),
    )


def _list(value: Any) -> list[Any]:
    return value[:_MOST] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return text_in(value, _MOST_LETTERS)


def _texts(value: Any) -> tuple[str, ...]:
    return texts_in(value, _MOST_LETTERS, _MOST)


def _numbers(value: Any) -> Numbers:
    fits = isinstance(value, np.ndarray) and value.ndim == 1 and value.dtype == np.float64
    return value if fits else _NONE


def _limits(value: Any) -> tuple[float, float]:
    one, other = value if isinstance(value, tuple) and len(value) == 2 else (0.0, 0.0)
    return (one, other) if isinstance(one, float) and isinstance(other, float) else (0.0, 0.0)


def _series(value: Any) -> tuple[Drawn, ...]:
    found = [each for each in _list(value) if isinstance(each, tuple) and len(each) == 4]
    return tuple(Drawn(_text(label), _numbers(x), _numbers(y), _text(color)) for label, x, y, color in found)


def _note(plot: DrawnPlot, origin: calls.Origin, index: int) -> None:
    """Name each text and each series in messages by what it is."""
    of = f"plot {index} of {{}}" if index else "{}"
    for name, value in vars(plot).items():
        calls.note(value, calls.Part(f"{name} of {of}", origin))
        if name in ("lines", "points", "bars"):
            _note_series(name, value, of, origin)


def _note_series(name: str, several: Sequence[Drawn], of: str, origin: calls.Origin) -> None:
    for index, series in enumerate(several):
        called = repr(series.label) if series.label else f"{name}[{index}]"
        for part, value in vars(series).items():
            calls.note(value, calls.Part(f"{part} of {called} of {of}", origin))


# Runs in the room. An open figure is one that was drawn outside of functions; a call sees none of them.
_LOOK = """
import numpy as np

def look(target, args, kwargs):
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    state = pyplot.__dict__
    if "_drawn_outside" not in state:
        state["_drawn_outside"] = [pyplot.figure(number) for number in pyplot.get_fignums()]
    if target is None:
        return plots(state["_drawn_outside"])
    if isinstance(target, Axes):
        return [plot(target, False)]
    if not callable(target):
        return plots(figures_in(target, Figure, Axes))
    pyplot.close("all")
    made, begin = [], Figure.__init__

    def noted(self, *args, **kwargs):
        begin(self, *args, **kwargs)
        made.append(self)

    Figure.__init__ = noted
    try:
        given = target(*args, **kwargs)
    finally:
        Figure.__init__ = begin
        pyplot.close("all")
    return plots([*made, *figures_in(given, Figure, Axes), *figures_in([*args, *kwargs.values()], Figure, Axes)])

def figures_in(value, Figure, Axes):
    if isinstance(value, Figure):
        return [value]
    if isinstance(value, Axes):
        return [value.figure]
    if isinstance(value, np.ndarray) and value.dtype == object:
        value = value.ravel().tolist()
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [figure for each in value for figure in figures_in(each, Figure, Axes)]
    figure = getattr(value, "figure", None)
    return [figure] if isinstance(figure, Figure) else []

def plots(figures):
    seen = {id(figure): figure for figure in figures}
    return [each for figure in seen.values() for each in plots_of(figure)]

def plots_of(figure):
    try:
        figure.draw_without_rendering()  # Names of bars stand at the ticks only then.
    except Exception:
        pass
    axes = [each for each in figure.axes if each.get_label() != "<colorbar>"]
    return [plot(each, len(axes) == 1) for each in axes]

def plot(axes, alone):
    from matplotlib.collections import PathCollection
    from matplotlib.container import BarContainer

    title = axes.get_title() or axes.get_title("left") or axes.get_title("right")
    if alone and not title:
        title = axes.figure.get_suptitle()
    legend = axes.get_legend()
    return {
        "title": title, "xlabel": axes.get_xlabel(), "ylabel": axes.get_ylabel(),
        "xscale": axes.get_xscale(), "yscale": axes.get_yscale(),
        "xlim": tuple(map(float, axes.get_xlim())), "ylim": tuple(map(float, axes.get_ylim())),
        "xticks": [each.get_text() for each in axes.get_xticklabels()],
        "yticks": [each.get_text() for each in axes.get_yticklabels()],
        "legend": [each.get_text() for each in legend.get_texts()] if legend is not None else [],
        "texts": [each.get_text() for each in axes.texts],
        "lines": [series(each, *each.get_data(orig=False), each.get_color()) for each in axes.lines],
        "points": [
            series(each, *np.asarray(each.get_offsets()).T, (list(each.get_facecolor()) or ["none"])[0])
            for each in axes.collections
            if isinstance(each, PathCollection)
        ],
        "bars": [bars(each) for each in axes.containers if isinstance(each, BarContainer)],
        "images": [np.asarray(each.get_array()) for each in axes.images if each.get_array() is not None],
    }

def series(artist, x, y, color):
    from matplotlib.colors import to_hex

    label = str(artist.get_label())
    try:
        color = to_hex(color)
    except ValueError:
        color = ""
    return "" if label.startswith("_") else label, numbers(x), numbers(y), color

def bars(container):
    flat = container.orientation == "horizontal"
    if flat:
        x = [each.get_x() + each.get_width() for each in container]
        y = [each.get_y() + each.get_height() / 2 for each in container]
    else:
        x = [each.get_x() + each.get_width() / 2 for each in container]
        y = [each.get_y() + each.get_height() for each in container]
    return series(container, x, y, container[0].get_facecolor() if len(container) else "none")

def numbers(values):
    return np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan).reshape(-1)
"""

"""Where the nodes and ribbons of a flow diagram lie."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import NamedTuple

_FULL = 300.0  # pixels of all flows on top of each other
_SLOT = 36.0  # the least room of a node, that its label of two lines needs
_THIN = 1.5  # a ribbon that still shows


class Flow(NamedTuple):
    """Customers who went from one label to another."""

    source: str
    target: str
    customers: int


@dataclasses.dataclass(frozen=True)
class Node:
    """One label on one side. ``top`` and ``height`` are in pixels."""

    label: str
    customers: int
    top: float
    height: float


@dataclasses.dataclass(frozen=True)
class Ribbon:
    """One flow: the upper edge of both its ends, and its thickness, in pixels."""

    source: str
    title: str
    start: float
    end: float
    thickness: float

    def path(self) -> str:
        """Return its outline in a picture 1,000 units wide, between nodes 10 wide."""
        low, high = self.start + self.thickness, self.end + self.thickness
        return (
            f"M10,{self.start:.1f}C500,{self.start:.1f} 500,{self.end:.1f} 990,{self.end:.1f}"
            f"V{high:.1f}C500,{high:.1f} 500,{low:.1f} 10,{low:.1f}Z"
        )


@dataclasses.dataclass(frozen=True)
class Layout:
    """A whole diagram, ``height`` pixels high."""

    left: tuple[Node, ...]
    right: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]
    height: float


def lay_out(flows: Sequence[Flow], *, order: Sequence[str]) -> Layout:
    """Return a diagram of flows.

    Parameters
    ----------
    flows
        Each pair of labels once, customers above 0.
    order
        Of labels, top to bottom. Ribbons of a node have the order of their other ends.

    Notes
    -----
    Every node has the room of its label, so labels never touch, however small the nodes are.
    """
    total = sum(flow.customers for flow in flows) or 1
    heights = [max(_THIN, _FULL * flow.customers / total) for flow in flows]
    sides = [
        _stacked(labels, flows, heights, order=order)
        for labels in ([flow.source for flow in flows], [flow.target for flow in flows])
    ]
    height = max(_height(side) for side in sides)
    left, right = (_spread(side, height=height) for side in sides)
    return Layout(
        left=left,
        right=right,
        ribbons=_ribbons(flows, heights, left=left, right=right, order=order),
        height=height,
    )


def _stacked(
    labels: Sequence[str], flows: Sequence[Flow], heights: Sequence[float], *, order: Sequence[str]
) -> list[Node]:
    """Return one side's nodes, without places."""
    nodes = []
    for label in sorted(set(labels), key=order.index):
        own = [place for place, name in enumerate(labels) if name == label]
        customers = sum(flows[place].customers for place in own)
        nodes.append(Node(label, customers, 0.0, sum(heights[place] for place in own)))
    return nodes


def _height(nodes: Sequence[Node]) -> float:
    return sum(max(_SLOT, node.height + 4) for node in nodes)


def _spread(nodes: Sequence[Node], *, height: float) -> tuple[Node, ...]:
    """Place nodes in the middle of their room. Spare height is shared evenly between them."""
    spare = (height - _height(nodes)) / max(1, len(nodes))
    placed, start = [], 0.0
    for node in nodes:
        room = max(_SLOT, node.height + 4) + spare
        placed.append(dataclasses.replace(node, top=start + (room - node.height) / 2))
        start += room
    return tuple(placed)


def _ribbons(
    flows: Sequence[Flow],
    heights: Sequence[float],
    *,
    left: Sequence[Node],
    right: Sequence[Node],
    order: Sequence[str],
) -> tuple[Ribbon, ...]:
    starts = {node.label: node.top for node in left}
    ends = {node.label: node.top for node in right}
    places = sorted(
        range(len(flows)),
        key=lambda place: (order.index(flows[place].source), order.index(flows[place].target)),
    )
    ribbons = []
    for place in places:
        flow, thickness = flows[place], heights[place]
        title = f"{flow.source} to {flow.target}: {flow.customers:,}"
        ribbons.append(
            Ribbon(flow.source, title, starts[flow.source], ends[flow.target], thickness)
        )
        starts[flow.source] += thickness
        ends[flow.target] += thickness
    return tuple(ribbons)

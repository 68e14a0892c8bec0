"""Chapter 4: rounding a flow to whole cases by chance, so that every node stays between its floor and its ceiling."""

from collections.abc import Sequence

from inspectorate.methodology.sampling.chance import Dice


def round_flow(ends: Sequence[tuple[int, int]], amounts: Sequence[int], unit: int, dice: Dice) -> list[int]:
    """Round each amount (in parts, `unit` parts to a case) down or up to whole cases, keeping its mean exactly.

    `ends` are (from node, to node) of each edge. At every node what flows in less what flows out must be whole cases;
    then the broken edges always hold a cycle. Mass is pushed round it one way or the other, with the chances that leave
    every mean as it was, until one of its edges is whole. Answers whole cases, an amount for each edge.

    Manual 4.3a
    """
    flow = list(amounts)
    nodes = 1 + max((max(pair) for pair in ends), default=-1)
    broken: list[dict[int, None]] = [{} for _ in range(nodes)]
    for edge, (tail, head) in enumerate(ends):
        if flow[edge] % unit:
            broken[tail][edge] = None
            broken[head][edge] = None
    for start in range(nodes):
        while broken[start]:
            cycle = _cycle(start, broken, ends)
            _push(cycle, flow, unit, dice)
            for edge, _ in cycle:
                if flow[edge] % unit == 0:
                    for node in ends[edge]:
                        broken[node].pop(edge, None)
    return [amount // unit for amount in flow]


def _cycle(start: int, broken: list[dict[int, None]], ends: Sequence[tuple[int, int]]) -> list[tuple[int, bool]]:
    """Walk along broken edges until a node comes again; answer the edges of that circle and whether walked forwards."""
    node, walked, seen, last = start, list[tuple[int, bool]](), {start: 0}, -1
    while True:
        last = next(edge for edge in broken[node] if edge != last)
        tail, head = ends[last]
        forwards = tail == node
        walked.append((last, forwards))
        node = head if forwards else tail
        if node in seen:
            return walked[seen[node] :]
        seen[node] = len(walked)


def _push(cycle: list[tuple[int, bool]], flow: list[int], unit: int, dice: Dice) -> None:
    with_it = min(unit - flow[edge] % unit if forwards else flow[edge] % unit for edge, forwards in cycle)
    against = min(flow[edge] % unit if forwards else unit - flow[edge] % unit for edge, forwards in cycle)
    step = with_it if dice.below(with_it + against) < against else -against
    for edge, forwards in cycle:
        flow[edge] += step if forwards else -step

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
    whole = [amount // unit for amount in amounts]
    over = [amount % unit for amount in amounts]
    nodes = 1 + max((max(pair) for pair in ends), default=-1)
    broken: list[dict[int, None]] = [{} for _ in range(nodes)]
    for edge, (tail, head) in enumerate(ends):
        if over[edge]:
            broken[tail][edge] = None
            broken[head][edge] = None
    for start in range(nodes):
        if broken[start]:
            _round_from(start, broken, ends, whole, over, unit, dice)
    return whole


def _round_from(
    start: int,
    broken: list[dict[int, None]],
    ends: Sequence[tuple[int, int]],
    whole: list[int],
    over: list[int],
    unit: int,
    dice: Dice,
) -> None:
    """Walk along broken edges; where a node comes again, settle that circle and walk on from there."""
    node, last = start, -1
    place, nodes = {start: 0}, [start]
    walked: list[tuple[int, bool]] = []
    while broken[start]:
        for edge in broken[node]:
            if edge != last:
                break
        tail, head = ends[edge]
        walked.append((edge, tail == node))
        node, last = (head if tail == node else tail), edge
        at = place.setdefault(node, len(nodes))
        if at == len(nodes):
            nodes.append(node)
            continue
        cycle = walked[at:]
        _push(cycle, whole, over, unit, dice)
        for edge, _ in cycle:
            if not over[edge]:
                tail, head = ends[edge]
                broken[tail].pop(edge, None)
                broken[head].pop(edge, None)
        for gone in nodes[at + 1 :]:
            del place[gone]
        del nodes[at + 1 :], walked[at:]
        last = walked[-1][0] if walked else -1


def _push(cycle: list[tuple[int, bool]], whole: list[int], over: list[int], unit: int, dice: Dice) -> None:
    with_it = against = unit
    for edge, forwards in cycle:
        up, down = (unit - over[edge], over[edge]) if forwards else (over[edge], unit - over[edge])
        if up < with_it:
            with_it = up
        if down < against:
            against = down
    step = with_it if dice.below(with_it + against) < against else -against
    for edge, forwards in cycle:
        left = over[edge] + (step if forwards else -step)
        if left == unit:
            whole[edge] += 1
            left = 0
        over[edge] = left

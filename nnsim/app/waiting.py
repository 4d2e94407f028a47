"""Orders that wait until a long way is done: an edit asked for on the way is meant for where the way leads.

It is apart from the worker because it only keeps a list and knows which orders may not be kept. It refuses to carry anything out.
"""

from nnsim.app import messages as m

AT_ONCE = (m.FrameShown, m.Look, m.Pause, m.Open)
"""What is never kept waiting: what is seen, and what gives the way up."""
MEANT_FOR_THE_END = (m.Tune, m.SetParameter)


class Waiting:
    """The orders that wait, in their turn."""

    def __init__(self) -> None:
        self._orders: list[m.Order] = []

    def takes(self, order: m.Order, under_way: bool) -> bool:
        """Whether an order has to wait, behind a way that is ``under_way`` or behind others; then it is kept here."""
        if isinstance(order, AT_ONCE) or not (self._orders or (under_way and isinstance(order, MEANT_FOR_THE_END))):
            return False
        self._orders.append(order)
        return True

    def released(self) -> list[m.Order]:
        """All that waited; nothing waits any more."""
        orders, self._orders = self._orders, []
        return orders

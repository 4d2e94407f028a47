"""Every kind of own data has its own way of reading and training: what the shared flow and dialog leave to them."""

import pytest

from nnsim.app import import_flows
from nnsim.app.import_flow import Flow
from nnsim.widgets import picture_import, table_import, text_import
from nnsim.widgets.import_dialog import ImportDialog


@pytest.mark.parametrize("kind", [import_flows.TableFlow, import_flows.PictureFlow, import_flows.TextFlow])
@pytest.mark.parametrize("name", ["_begin", "_read", "_train"])
def test_every_flow_begins_reads_and_trains_in_its_own_way(kind: type[Flow], name: str) -> None:
    assert issubclass(kind, Flow) and getattr(kind, name) is not getattr(Flow, name)


def test_every_dialog_says_what_is_to_be_trained_on() -> None:
    kinds = ImportDialog.__subclasses__()
    assert {kind.__module__ for kind in kinds} == {module.__name__ for module in (picture_import, table_import, text_import)}
    assert all(kind.plan is not ImportDialog.plan for kind in kinds)


def test_no_flow_is_left_out() -> None:
    assert set(Flow.__subclasses__()) == {import_flows.TableFlow, import_flows.PictureFlow, import_flows.TextFlow}

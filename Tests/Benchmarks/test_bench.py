"""What `make bench` makes of figures: ratios, goals, the page and its plots; and what it does when one cannot be had."""

import contextlib
import io
import pathlib
import sys
import time
import types
import unittest
import unittest.mock
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Benchmarks"))

import bench  # noqa: E402
import figures  # noqa: E402
import machine  # noqa: E402
import page  # noqa: E402
import plots  # noqa: E402
from figures import Figure  # noqa: E402

PEERS = {"Other": {"speed": 100, "rate": 50}}
GOALS = {"speed": {"share": 0.5, "of": "Other"}, "size": 3}


def topic(*records, **rest):
    place = {"cores": 2, "processor": "P", "memoryGiB": 4, "system": "Linux 6", "load": 0.1, "priority": "as all others"}
    return {"date": "2026-11-24", "version": "v1", "machine": place, "figures": list(records)} | rest


@unittest.mock.patch.multiple(figures, PEERS=PEERS, GOALS=GOALS)
class Figures(unittest.TestCase):
    def test_a_figure_beside_another_programs_is_a_ratio(self):
        record = Figure("speed", "Speed", 40, "µs").record()
        self.assertEqual(record["peers"], {"Other": {"value": 100, "ratio": 0.4}})
        self.assertEqual((record["goal"], record["met"]), (50, True))

    def test_a_goal_is_missed_by_what_is_above_it(self):
        for value, is_met in [(3, True), (3.01, False)]:
            self.assertEqual(Figure("size", "Size", value, "MB").record()["met"], is_met)

    def test_a_figure_of_which_nobody_knows_more_stands_alone(self):
        self.assertEqual(Figure("x", "X", 2, "s").record(), {"id": "x", "what": "X", "value": 2, "unit": "s", "runs": 1})

    def test_a_record_gives_its_figure_back(self):
        for figure in [Figure("rate", "R", 7, "", 3, True, "a note"), Figure("speed", "S", 1.5, "µs")]:
            self.assertEqual(Figure.of(figure.record()), figure)

    def test_three_digits_are_kept(self):
        for value, kept in [(0.0123456, 0.0123), (12.345, 12.3), (1234.5, 1230), (7.0, 7), (999, 999), (0, 0)]:
            self.assertEqual(figures.significant(value, 3), kept)

    def test_a_row_has_the_figure_the_goal_and_the_ratio(self):
        rows = figures.table([Figure("speed", "Speed", 60, "µs").record()]).splitlines()
        self.assertEqual(rows[-1], "| Speed | 60 µs | ≤ 50 ✗ | Other: 100 | 0.6 |")


class Page(unittest.TestCase):
    def test_tables_are_put_between_their_marks_and_nothing_else_changes(self):
        text = "a\n<!-- goals -->\nold\n<!-- end of goals -->\nb\n<!-- t -->\n<!-- end of t -->\nc\n"
        record = {"t": topic(Figure("x", "X", 2, "s").record(), skipped=["Y (there is no Z)"])}
        filled = page.filled(text, record)
        self.assertIn("| X | 2 s |", filled)
        self.assertIn("Not measured: Y (there is no Z).", filled)
        self.assertNotIn("old", filled)
        self.assertEqual([line for line in filled.splitlines() if line in "abc" and line], ["a", "b", "c"])
        self.assertEqual(page.filled(filled, record), filled)

    def test_a_topic_without_a_place_is_an_error(self):
        with self.assertRaises(ValueError):
            page.filled("<!-- goals --><!-- end of goals -->", {"t": topic()})

    def test_the_page_and_the_plots_are_those_of_the_file(self):
        record = page.read()
        self.assertEqual(page.filled(page.PAGE.read_text(), record), page.PAGE.read_text())
        for name, plot in page.drawn(record).items():
            self.assertEqual(plot, (page.DOCS / name).read_text(), name)
            self.assertIn(f"]({name})", page.PAGE.read_text())

    def test_every_goal_and_every_peers_figure_has_one_of_ours_beside_it(self):
        record = page.read()
        identifiers = [figure["id"] for entry in record.values() for figure in entry["figures"]]
        self.assertEqual(len(identifiers), len(set(identifiers)), "an id is one figure's alone")
        known = set(figures.GOALS).union(*figures.PEERS.values())
        self.assertEqual(known - set(identifiers), set())
        self.assertEqual(list(record), list(bench.TOPICS))


class Plots(unittest.TestCase):
    def records(self):
        return {figure["id"]: figure for entry in page.read().values() for figure in entry["figures"]}

    def test_they_are_drawings_for_light_and_dark_with_every_ratio(self):
        records = self.records()
        for plot in (plots.ratios(records), plots.latency(records)):
            root = xml.etree.ElementTree.fromstring(plot)
            self.assertTrue(root.tag.endswith("svg"))
            self.assertIn("prefers-color-scheme: dark", plot)
        ratios = sum(len(figure.get("peers", {})) for figure in records.values())
        legend = len(figures.PEERS)
        self.assertEqual(plots.ratios(records).count("<circle"), ratios + legend)

    def test_nothing_measured_is_drawn_too(self):
        for plot in (plots.ratios({}), plots.latency({})):
            xml.etree.ElementTree.fromstring(plot)

    def test_where_more_is_better_the_ratio_is_turned_round(self):
        record = {"id": "r", "what": "R", "value": 200, "peers": {"EKS webhook": {"value": 100, "ratio": 2}}, "moreIsBetter": True}
        self.assertIn("R: 0.5 of EKS webhook", plots.ratios({"r": record}))

    def test_an_axis_has_a_decade_s_ends_and_keeps_the_order(self):
        axis = plots.LogAxis([0.02, 3], 0, 300)
        self.assertEqual(axis.decades, [0.01, 0.1, 1, 10])
        self.assertEqual([round(axis(value)) for value in (0.01, 0.1, 1, 10)], [0, 100, 200, 300])


class Driver(unittest.TestCase):
    def measured(self, measure):
        """The entry of a topic that measures so, and what is printed."""
        module = types.SimpleNamespace(measure=measure)
        output = io.StringIO()
        with (
            unittest.mock.patch.object(bench, "version", lambda: "v1"),
            unittest.mock.patch.object(bench, "TOPICS", {"t": 0.25}),
            unittest.mock.patch.dict(sys.modules, {"Topics.t": module}),
            contextlib.redirect_stdout(output),
            contextlib.redirect_stderr(output),
        ):
            return bench.measure("t"), output.getvalue()

    def test_what_cannot_be_measured_is_named_and_the_rest_is(self):
        def measure():
            yield machine.Skipped("A (there is no B)")
            yield Figure("x", "X", 1, "s")

        entry, output = self.measured(measure)
        self.assertEqual([figure["id"] for figure in entry["figures"]], ["x"])
        self.assertEqual(entry["skipped"], ["A (there is no B)"])
        self.assertIn("bench: skipped: A (there is no B)", output)
        self.assertNotIn("failed", entry)

    def test_what_was_measured_before_a_failure_is_kept(self):
        def measure():
            yield Figure("x", "X", 1, "s")
            raise RuntimeError("it does not serve")

        entry, output = self.measured(measure)
        self.assertEqual([figure["id"] for figure in entry["figures"]], ["x"])
        self.assertTrue(entry["failed"])
        self.assertIn("bench: FAILED: the rest of t (it does not serve)", output)

    def test_a_topic_that_takes_too_long_is_given_up(self):
        def measure():
            yield Figure("x", "X", 1, "s")
            time.sleep(60)

        began = time.monotonic()
        entry, _ = self.measured(measure)
        self.assertLess(time.monotonic() - began, 30)
        self.assertTrue(entry["failed"])
        self.assertIn("more than 1 s", entry["skipped"][0])

    def test_a_topic_that_is_none_is_an_error_of_usage(self):
        with contextlib.redirect_stderr(io.StringIO()) as output:
            self.assertEqual(bench.main(["speed"]), 64)
        self.assertIn("there is no topic speed", output.getvalue())


if __name__ == "__main__":
    unittest.main()

"""What our parsers make of the fuzzer's inputs, beside what Python's make of the same bytes.

The inputs are the seeds and what `make fuzz` has learned, of each target as many as a bound allows.
"""

import base64
import http.client
import io
import json
import subprocess
import unittest

from tools import PATIENCE, ROOT, have

BUILD = ROOT / ".build-fuzz"
MAX_FILES = 2000
MAX_BYTES = 8 << 20


def inputs(target):
    """The seeds first, then the smallest of what was learned."""
    seeds = sorted((ROOT / "Tests" / "Fuzz" / "Corpus" / target).glob("*"))
    seeds += sorted((BUILD / "seeds" / target).glob("*"))
    learned = sorted((BUILD / "corpus" / target).glob("*"), key=lambda path: (path.stat().st_size, path.name))
    chosen, size = [], 0
    for path in seeds + learned:
        size += path.stat().st_size
        if len(chosen) == MAX_FILES or size > MAX_BYTES:
            break
        chosen.append(path)
    return chosen


def answers(target):
    """Pairs of an input's bytes and our answer, in JSON."""
    paths = inputs(target)
    output = subprocess.run(
        [BUILD / f"fuzz-{target}", "--answers", *paths], capture_output=True, timeout=PATIENCE, check=True
    ).stdout
    lines = output.split(b"\n")[:-1]
    if len(lines) != len(paths):
        raise AssertionError(f"{len(paths)} inputs of {target}, {len(lines)} answers")
    return [(path.read_bytes(), line.split(b"\t", 1)[1], path.name) for path, line in zip(paths, lines)]


class Number(str):
    """A number as written: what it is worth is each reader's own."""


def strict(data, **options):
    """RFC 8259 with Python's own parser: UTF-8 without a mark, no NaN, no halves of surrogate pairs."""
    text = data.decode("utf-8")

    def refuse(name):
        raise ValueError(name)

    value = json.loads(text, parse_constant=refuse, **options)
    json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
    return value


def as_written(data):
    """A value that loses nothing: numbers as text, objects as lists of pairs."""
    return strict(
        data,
        parse_int=Number,
        parse_float=Number,
        object_pairs_hook=lambda pairs: {"pairs": [list(pair) for pair in pairs]},
    )


def has_twice(data):
    """Whether a name stands twice in one object."""
    found = []

    def look(pairs):
        found.append(len({name for name, _ in pairs}) != len(pairs))
        return dict(pairs)

    json.loads(data, object_pairs_hook=look)
    return any(found)


def too_deep(data):
    """Whether brackets nest deeper than the 512 levels that we take, or Python does."""
    depth = deepest = 0
    for byte in data:
        depth += (byte in b"[{") - (byte in b"]}")
        deepest = max(deepest, depth)
    return deepest > 500


@unittest.skipUnless((BUILD / "fuzz-json").exists(), "there is no fuzzer here: make fuzz")
class Corpus(unittest.TestCase):
    """The two implementations take the same inputs, and make the same of them."""

    def test_json_documents(self):
        accepted = 0
        for data, answer, name in answers("json"):
            if too_deep(data):
                continue
            with self.subTest(input=name):
                try:
                    value = as_written(data)
                except ValueError:
                    self.assertFalse(json.loads(answer)["accepted"])
                    continue
                accepted += 1
                mine = as_written(answer)["pairs"]
                self.assertEqual(mine[0], ["accepted", True])
                self.assertEqual(mine[1], ["value", value])
        self.assertGreater(accepted, 0)

    @have("jsonpatch")
    def test_patches(self):
        import jsonpatch
        import jsonpointer

        accepted = 0
        for data, answer, name in answers("patch"):
            mine = json.loads(answer)
            if mine.get("input") is False or too_deep(data) or has_twice(data):
                continue
            with self.subTest(input=name):
                source = strict(data)
                try:
                    result = jsonpatch.JsonPatch(source["patch"]).apply(source["document"])
                except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException, TypeError, KeyError) as error:
                    self.assertFalse(mine["accepted"], repr(error))
                    continue
                accepted += 1
                self.assertTrue(mine["accepted"], mine.get("error"))
                self.assertEqual(mine["value"], result)
        self.assertGreater(accepted, 0)

    @have("jsonpatch")
    def test_reviews(self):
        import jsonpatch

        patched = 0
        for _, answer, name in answers("review"):
            mine = json.loads(answer)
            if "pod" not in mine or has_twice(answer):
                continue
            with self.subTest(input=name):
                response = mine["response"]["response"]
                patch = json.loads(base64.b64decode(response.get("patch", "W10="), validate=True))
                patched += bool(patch)
                self.assertEqual(jsonpatch.apply_patch(mine["pod"], patch), mine["patched"])
        self.assertGreater(patched, 0)

    def test_http_responses(self):
        accepted = 0
        for data, answer, name in answers("http-response"):
            mine = json.loads(answer)
            # With these there is no body (RFC 9110); Python reads one where it is said to be chunked.
            if not mine["accepted"] or mine["status"] in (204, 304):
                continue
            accepted += 1
            with self.subTest(input=name):
                response = http.client.HTTPResponse(Replay(data[1:]), method="GET")
                response.begin()
                # Python takes 100 alone for an interim answer; RFC 9110 section 15.2 makes all of 1xx one.
                if 100 < response.status < 200:
                    continue
                self.assertEqual(response.status, mine["status"])
                self.assertEqual(response.read(), base64.b64decode(mine["body"]))
        self.assertGreater(accepted, 0)


class Replay:
    """A socket from which these bytes are read."""

    def __init__(self, data):
        self.data = data

    def makefile(self, _mode):
        return io.BytesIO(self.data)

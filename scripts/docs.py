"""What DocC does not check of the documentation.

    docs.py GRAPHS                     every public and package declaration has a comment
    docs.py GRAPHS --catalogue DIR --examples DIR
                                       and every public type stands in the catalogue's front page under a
                                       topic, every reason to leave a Pod alone in the article about the rules,
                                       and all Swift of the articles in a file of the examples

GRAPHS holds symbol graphs of `swift symbolgraph-extract`. What is missing is printed, one line each, and the
exit status is 1.
"""

import argparse
import json
import pathlib
import re
import sys

# The module that other projects import: what it throws is part of its documentation.
LIBRARY = "GTokenCore"


def declarations(graph):
    """The declarations of a graph that someone wrote; what the compiler made has no place, an extension no comment."""
    return [
        symbol
        for symbol in graph["symbols"]
        if "location" in symbol and symbol["kind"]["identifier"] != "swift.extension"
    ]


def text(symbol):
    return "\n".join(line["text"] for line in symbol.get("docComment", {}).get("lines", []))


def spelling(symbol):
    return "".join(part["spelling"] for part in symbol["declarationFragments"])


def witnesses(graph):
    """What carries out a protocol's requirement, and is documented there."""
    return {link["source"] for link in graph["relationships"] if "sourceOrigin" in link}


def faults_of_comment(symbol, module, is_witness):
    comment = text(symbol)
    if not comment.strip():
        if module == LIBRARY or not is_witness:
            yield "has no comment"
    elif module == LIBRARY:
        summary = comment.split("\n\n")[0].rstrip()
        if not summary.endswith((".", ":")):
            yield "starts with something else than a sentence"
        # `throws(Failure)` is the caller's own error, passed on.
        if re.search(r"\bthrows\b(?!\(Failure\))", spelling(symbol)) and "- Throws:" not in comment:
            yield "does not say when it throws"


def faults_of_comments(graphs):
    for module, graph in graphs:
        known = witnesses(graph)
        for symbol in declarations(graph):
            location = symbol["location"]
            place = f"{location['uri'].removeprefix('file://')}:{location['position']['line'] + 1}"
            for fault in faults_of_comment(symbol, module, symbol["identifier"]["precise"] in known):
                yield f"{place}: {module}.{'.'.join(symbol['pathComponents'])} {fault}"


def faults_of_topics(graph, catalogue):
    """The library's public types and articles that the front page leaves to DocC's own order."""
    front = (catalogue / f"{LIBRARY}.md").read_text()
    listed = set(re.findall(r"^- ``(\w+)``$", front, re.MULTILINE))
    listed |= set(re.findall(r"^- <doc:(\w+)>$", front, re.MULTILINE))
    types = {
        symbol["pathComponents"][0]
        for symbol in declarations(graph)
        if symbol["accessLevel"] == "public" and len(symbol["pathComponents"]) == 1
    }
    articles = {page.stem for page in catalogue.glob("*.md")} - {LIBRARY}
    for name in sorted((types | articles) - listed):
        yield f"{catalogue.name}/{LIBRARY}.md: {name} stands under no topic"


def faults_of_reasons(graph, catalogue):
    """Why a Pod gets no role, as far as the article about the rules leaves it out; DocC checks the links."""
    page = catalogue / "HowAPodGetsItsRole.md"
    for symbol in declarations(graph):
        path = symbol["pathComponents"]
        if symbol["kind"]["identifier"] == "swift.enum.case" and path[:2] == ["InjectionDecision", "Reason"]:
            if f"``{'/'.join(path)}``" not in page.read_text():
                yield f"{catalogue.name}/{page.name}: {'.'.join(path)} is not explained"


def lines(code):
    """Code without indentation and empty lines, so that a part of a function can be shown."""
    return "\n".join(line.strip() for line in code.splitlines() if line.strip())


def faults_of_code(catalogue, examples):
    """Swift in an article that no file of the examples has, and that nothing compiles."""
    files = [lines(path.read_text()) for path in sorted(examples.rglob("*.swift")) if ".build" not in path.parts]
    for page in sorted(catalogue.glob("*.md")):
        for number, code in enumerate(re.findall(r"^```swift\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)):
            if not any(lines(code) in file for file in files):
                yield f"{catalogue.name}/{page.name}: piece {number + 1} of Swift stands in no file of {examples}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("graphs", type=pathlib.Path)
    parser.add_argument("--catalogue", type=pathlib.Path)
    parser.add_argument("--examples", type=pathlib.Path)
    arguments = parser.parse_args()

    # `A@B.symbols.json` has what A adds to B's types.
    paths = sorted(arguments.graphs.glob("*.symbols.json"))
    if not paths:
        sys.exit(f"docs: there are no symbol graphs in {arguments.graphs}")
    graphs = {path.name.removesuffix(".symbols.json"): json.loads(path.read_text()) for path in paths}
    faults = list(faults_of_comments((name.partition("@")[0], graph) for name, graph in graphs.items()))
    if arguments.catalogue:
        faults += faults_of_topics(graphs[LIBRARY], arguments.catalogue)
        faults += faults_of_reasons(graphs[LIBRARY], arguments.catalogue)
        faults += faults_of_code(arguments.catalogue, arguments.examples)
    print(*faults, sep="\n", end="\n" if faults else "")
    count = sum(len(declarations(graph)) for graph in graphs.values())
    print(f"docs: {count} declarations, {len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()

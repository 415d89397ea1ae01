#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Is every rule of the NetDMA specification kept, and by which test is that seen?

netdma-rules.tsv has one row for each rule. One that is implemented names KUnit
cases, as SUITE.CASE: they have to exist, to cite the rule in the comment above
them, and to have run and passed. One that is not applicable has a reason. What
the sources cite has to be a rule.

kunit/run asks for this when it has run all tests. Run by itself, this breaks the
table, the sources and the results in every way that it has to notice.
"""

import pathlib
import re
import sys
import tempfile

sys.dont_write_bytecode = True
TESTING = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(TESTING))
from harness import CHECKOUT       # noqa: E402

TABLE = "Documentation/driver-api/dmaengine/netdma-rules.tsv"
HEADER = ["Rule", "Status", "Test or reason", "In short"]
RULES = 98                      # that the specification has
RULE = re.compile(r"\bR-[A-Z0-9]+-[0-9]+\b")
SOURCES = ("drivers", "include", "tools/testing/netdma", "Documentation")
KINDS = (".c", ".h", ".rst", ".mutant")


class Table:
    """The rows as (rule, status, what), and what is wrong with the file."""

    def __init__(self, path):
        self.rows = []
        self.blame = []
        lines = [line.split("\t") for line in path.read_text().splitlines()]
        if not lines or lines[0] != HEADER:
            self.blame.append("the first line is not the header")
        for number, fields in enumerate(lines[1:], 2):
            if len(fields) != len(HEADER) or not all(field.strip() for field in fields):
                self.blame.append(f"line {number} has not {len(HEADER)} fields")
            elif not RULE.fullmatch(fields[0]):
                self.blame.append(f"line {number}: {fields[0]} is no name of a rule")
            elif fields[0] in (rule for rule, _, _ in self.rows):
                self.blame.append(f"{fields[0]} is there twice")
            else:
                self.rows.append(tuple(fields[:3]))
        if not self.blame and len(self.rows) != RULES:
            self.blame.append(f"{len(self.rows)} rules of {RULES}")

    def tests(self, rule):
        """Those that show it; none if it is not applicable."""
        return [test for name, status, what in self.rows
                if name == rule and status == "implemented" for test in what.split(", ")]


class Sources:
    """What the sources cite, and the comment above each function that is a test."""

    def __init__(self, root):
        self.cited = {}                 # rule: the first place
        self.comments = {}              # function: text
        for folder in SOURCES:
            for path in sorted((root / folder).rglob("*")):
                if path.suffix in KINDS and path.is_file():
                    self.read(path, str(path.relative_to(root)))

    def read(self, path, name):
        text = path.read_text(errors="replace")
        for rule in RULE.findall(text):
            self.cited.setdefault(rule, name)
        for match in re.finditer(r"(?:/\*((?:(?!\*/)[\s\S])*)\*/\n)?"
                                 r"(?:static )?void (\w+)\(struct kunit \*test\)\n\{", text):
            self.comments[match[2]] = match[1] or ""


class Results:
    """What became of each SUITE.CASE; with parameters there are several of it."""

    def __init__(self, results):
        self.outcomes = {}
        for passed, name, directive in results:
            outcome = "failed" if not passed else "skipped" if "SKIP" in directive else "passed"
            self.outcomes.setdefault(name.split(" ")[0], set()).add(outcome)

    def of(self, test):
        outcomes = self.outcomes.get(test, set())
        for outcome in ("failed", "skipped"):
            if outcome in outcomes:
                return outcome
        return "passed" if outcomes else "not run"


def judge(rule, status, what, sources, results):
    """What is wrong with a row; None if nothing is."""
    if status == "inapplicable":
        return None
    if status != "implemented":
        return f"{status} is no status"
    for test in what.split(", "):
        comment = sources.comments.get(test.partition(".")[2])
        if comment is None:
            return f"there is no test {test}"
        if rule not in RULE.findall(comment):
            return f"{test} does not cite it"
        if results.of(test) != "passed":
            return f"{test}: {results.of(test)}"
    return None


def check(results, root=CHECKOUT):
    """Test results as kunit/run has them: (passed, name, text)."""
    table = Table(root / TABLE)
    sources = Sources(root)
    results = Results(results)
    yield not table.blame, "rules.table", "; ".join(table.blame)
    known = {rule for rule, _, _ in table.rows}
    unknown = [f"{rule} in {place}" for rule, place in sorted(sources.cited.items())
               if rule not in known]
    yield not unknown, "rules.cited", "; ".join(unknown)
    for rule, status, what in table.rows:
        wrong = judge(rule, status, what, sources, results)
        yield not wrong, f"rules.{rule}", wrong or f"{status}: {what}"


# --- does it notice? -----------------------------------------------------------

SPOILED_CASE = """
/* R-AFF-3, R-INT-4 */
static void spoiled_case(struct kunit *test)
{
}
"""


def spoilings():
    """(what is wrong, what is changed, what is to be noticed); the rows are R-X-n."""
    def row(rule, status="implemented", what="spoiled.spoiled_case"):
        return f"{rule}\t{status}\t{what}\tA rule"

    good = [row("R-AFF-3"), row("R-INT-4"), row("R-DCA-1", "inapplicable", "No such thing")]
    good += [row(f"R-X-{number}", "inapplicable", "No such thing")
             for number in range(RULES - len(good))]
    ran = [(True, "spoiled.spoiled_case (one)", ""), (True, "spoiled.spoiled_case (two)", "")]

    yield "nothing", good, SPOILED_CASE, ran, None
    yield "a missing rule", good[:-1], SPOILED_CASE, ran, "rules.table"
    yield "a rule too many", good + [row("R-Y-1")], SPOILED_CASE, ran, "rules.table"
    yield "a rule twice", good[:-1] + good[:1], SPOILED_CASE, ran, "rules.table"
    yield ("no reason", [row("R-X-0", "inapplicable", "")] + good[1:], SPOILED_CASE, ran,
           "rules.table")
    yield "no name of a rule", [row("R-X")] + good[1:], SPOILED_CASE, ran, "rules.table"
    yield ("another status", [row("R-AFF-3", "planned")] + good[1:], SPOILED_CASE, ran,
           "rules.R-AFF-3")
    yield ("a test that does not exist", [row("R-AFF-3", what="spoiled.case")] + good[1:],
           SPOILED_CASE, ran, "rules.R-AFF-3")
    yield ("a second test that does not exist",
           [row("R-AFF-3", what="spoiled.spoiled_case, spoiled.case")] + good[1:],
           SPOILED_CASE, ran, "rules.R-AFF-3")
    yield ("a test that does not cite its rule", good,
           SPOILED_CASE.replace("R-AFF-3", "R-INT-4"), ran, "rules.R-AFF-3")
    yield ("a rule with a similar name", good,
           SPOILED_CASE.replace("R-AFF-3", "R-AFF-30"), ran, "rules.R-AFF-3")
    yield ("a comment that belongs to another", good,
           SPOILED_CASE.replace("static", "static int x;\n\nstatic"), ran, "rules.R-AFF-3")
    yield "a test that did not run", good, SPOILED_CASE, [], "rules.R-AFF-3"
    yield ("a test of another suite", good, SPOILED_CASE,
           [(True, "other.spoiled_case", "")], "rules.R-AFF-3")
    yield ("a test that failed for one parameter", good, SPOILED_CASE,
           ran + [(False, "spoiled.spoiled_case (three)", "")], "rules.R-AFF-3")
    yield ("a test that was skipped", good, SPOILED_CASE,
           [(True, "spoiled.spoiled_case", "# SKIP no memory")], "rules.R-AFF-3")
    yield ("a citation of no rule", good, SPOILED_CASE + "/* R-Z-1 */\n", ran, "rules.cited")


def notices(rows, source, results, expected):
    """What is wrong with the answer; None if nothing is."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        table = root / TABLE
        table.parent.mkdir(parents=True)
        table.write_text("\n".join(["\t".join(HEADER), *rows]) + "\n")
        (root / "drivers").mkdir()
        (root / "drivers/spoiled_test.c").write_text(source)
        failed = [name for passed, name, _ in check(results, root) if not passed]
    if expected and expected not in failed:
        return f"{expected} has passed"
    if not expected and failed:
        return f"{failed[0]} has failed"
    return None


def main():
    cases = list(spoilings())
    failed = 0
    print(f"KTAP version 1\n1..{len(cases)}")
    for number, (what, rows, source, results, expected) in enumerate(cases, 1):
        wrong = notices(rows, source, results, expected)
        failed += bool(wrong)
        print(f"{'not ' if wrong else ''}ok {number} {what}{f' # {wrong}' if wrong else ''}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())

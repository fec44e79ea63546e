"""Adds up the test reports; fails when the number of skipped tests is not the committed one."""

import glob
import sys
import xml.etree.ElementTree as ElementTree

keys = sys.argv[1:]
total = failed = 0
skipped = []
for report in glob.glob("*/target/surefire-reports/TEST-*.xml"):
    suite = ElementTree.parse(report).getroot()
    total += int(suite.get("tests"))
    failed += int(suite.get("failures")) + int(suite.get("errors"))
    for case in suite.iter("testcase"):
        reason = case.find("skipped")
        if reason is not None:
            skipped.append(f"{case.get('classname')}.{case.get('name')}: {reason.get('message')}")

with open(".ci/skipped") as lines:
    committed = dict(line.split() for line in lines if not line.startswith("#"))
for line in sorted(skipped):
    print("skipped:", line)
print(f"{total - failed - len(skipped)} passed, {failed} failed, {len(skipped)} skipped")
if total == 0:
    sys.exit("ci: no test ran")
expected = sum(int(committed[key]) for key in keys)
if len(skipped) != expected:
    sys.exit(f"ci: {len(skipped)} tests were skipped, {expected} are expected {' and '.join(keys)}: "
             "install what they need, or commit the new number in .ci/skipped with a reason")

"""Fails when the program's archive does not name every library that lies beside it: tests have a class path of their own."""

import os
import sys
import zipfile

folder = "node/target/bitdelta"
manifest = zipfile.ZipFile(f"{folder}/node.jar").read("META-INF/MANIFEST.MF").decode()
lines = manifest.replace("\r\n", "\n").replace("\n ", "").split("\n")
named = {path.removeprefix("lib/") for line in lines if line.startswith("Class-Path: ") for path in line.split()[1:]}
missing = sorted(set(os.listdir(f"{folder}/lib")) - named)
if missing:
    sys.exit("ci: not on the program's class path: " + ", ".join(missing))
print(f"the program's class path names all of its {len(named)} libraries")

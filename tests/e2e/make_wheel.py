#!/usr/bin/env python3
"""Writes a small wheel that pip installs and Python imports:

    make_wheel.py DIR NAME VERSION [--tag=TAG] [--file=PATH=SOURCE]… [--script=NAME=MODULE:FUNCTION]… [REQUIREMENT…]

The module says which version it is, and holds the files. Same arguments, same bytes.
"""
import base64
import hashlib
import pathlib
import sys
import zipfile


def options(arguments, name):
    return [one.split("=", 1)[1] for one in arguments if one.startswith(f"--{name}=")]


def main(directory, name, version, *arguments):
    tag = (options(arguments, "tag") or ["py3-none-any"])[0]
    requirements = [one for one in arguments if not one.startswith("--")]
    module = name.lower().replace("-", "_")
    info = f"{module}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += "".join(f"Requires-Dist: {requirement}\n" for requirement in requirements)
    files = {
        f"{module}/__init__.py": f'__version__ = "{version}"\n',
        f"{info}/METADATA": metadata,
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: make_wheel\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    for path, source in (one.split("=", 1) for one in options(arguments, "file")):
        files[path] = pathlib.Path(source).read_bytes()
    scripts = options(arguments, "script")
    if scripts:
        files[f"{info}/entry_points.txt"] = "[console_scripts]\n" + "".join(f"{one}\n" for one in scripts)
    record = ""
    for path, text in list(files.items()):
        text = text.encode() if isinstance(text, str) else text
        files[path] = text
        digest = base64.urlsafe_b64encode(hashlib.sha256(text).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={digest},{len(text)}\n"
    files[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
    target = pathlib.Path(directory) / f"{module}-{version}-{tag}.whl"
    with zipfile.ZipFile(target, "w") as wheel:
        for path, text in files.items():
            wheel.writestr(zipfile.ZipInfo(path, (2024, 1, 1, 0, 0, 0)), text)


main(*sys.argv[1:])

#!/usr/bin/env python3
"""What many builds cost an index, with and without a cache that they share: docs/scale.md's figures.

    scale.py [BUILDS-AN-HOUR]

Simulates one hour after a warm-up of one: builds arrive at random, each of one of 2,000 applications (a few are built
often, most seldom), whose packages are drawn once from 20,000 (a few are everywhere). Nothing but the standard library;
the same figures each time.
"""
import bisect
import itertools
import random
import sys

BUILDS = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
APPLICATIONS, PACKAGES = 2000, 20000
FRESH = 600  # seconds that a page without validity is fresh
PAGE, METADATA, WHEEL = 60e3, 6e3, 1.2e6  # bytes, means of compressed pages, metadata files, wheels
NEW_RELEASE = 1 / (14 * 86400)  # a package has a new release every two weeks: its metadata and wheel are new


def zipf(count, exponent):
    sums = list(itertools.accumulate(1 / (rank + 1) ** exponent for rank in range(count)))
    return lambda: bisect.bisect_left(sums, random.random() * sums[-1])


random.seed(7)
package_of, application_of = zipf(PACKAGES, 1.0), zipf(APPLICATIONS, 0.9)
# Pages are asked for of everything that may be in the stack, metadata and wheels of what is in it.
stacks = []
for _ in range(APPLICATIONS):
    chosen = set()
    while len(chosen) < random.Random(len(stacks)).randint(8, 80):
        chosen.add(package_of())
    stacks.append((sorted(chosen), int(len(chosen) * 1.4)))

without = dict(pages=0, metadata=0, wheels=0)
origin = dict(pages=0, metadata=0, wheels=0)
cache = dict(gets=0, puts=0, bytes=0.0)
kept_until, kept_release = {}, {}
time, end = 0.0, 7200.0
peak_without, peak_origin = {}, {}
while True:
    time += random.expovariate(BUILDS / 3600)
    if time > end:
        break
    counted = time > 3600
    packages, asked = stacks[application_of()]
    for package in packages:
        release = int(time * NEW_RELEASE + package * 0.618)
        page_miss = kept_until.get(package, -1) <= time
        file_miss = kept_release.get(package) != release
        if page_miss:
            kept_until[package] = time + FRESH
        kept_release[package] = release
        if not counted:
            continue
        second = int(time)
        without["pages"] += 1
        without["metadata"] += 1
        without["wheels"] += 1
        peak_without[second] = peak_without.get(second, 0) + 3
        cache["gets"] += 3
        cache["bytes"] += PAGE + METADATA + WHEEL
        origin["pages"] += page_miss
        origin["metadata"] += file_miss
        origin["wheels"] += file_miss
        misses = page_miss + 2 * file_miss
        cache["puts"] += misses
        peak_origin[second] = peak_origin.get(second, 0) + misses


def bytes_of(count):
    return count["pages"] * PAGE + count["metadata"] * METADATA + count["wheels"] * WHEEL


print(f"builds in the hour counted: about {BUILDS}")
for name, count, peak in (("without", without, peak_without), ("with", origin, peak_origin)):
    total = sum(count.values())
    print(
        f"{name:8} pages {count['pages']:>8}  metadata {count['metadata']:>8}  wheels {count['wheels']:>8}  "
        f"requests {total:>8} ({total / 3600:.1f}/s, at most {max(peak.values())} in a second)  {bytes_of(count) / 1e9:.1f} GB"
    )
print(f"the cache: {cache['gets']} GETs ({cache['gets'] / 3600:.0f}/s), {cache['puts']} PUTs, {cache['bytes'] / 1e9:.0f} GB out")

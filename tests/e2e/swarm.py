#!/usr/bin/env python3
"""Runs many locks at once, each with a store of its own, and kills every tenth on the way:

    swarm.py PROGRAM INDEX REMOTE-CACHE DIRECTORY BUILDS

Fails unless all that ended by themselves wrote the same lock; it is in DIRECTORY/lock.
"""
import pathlib
import random
import subprocess
import sys
import threading
import time

program, index, remote, directory, builds = sys.argv[1:6]
directory = pathlib.Path(directory)
directory.mkdir()
random.seed(11)
results, guard, slots = [], threading.Lock(), threading.Semaphore(40)


def build(number, killed_after):
    place = directory / str(number)
    place.mkdir()
    with slots:
        process = subprocess.Popen(
            [program, "advise", "--with", "greeter", "--with", "leaf1", "--python-version", "3.11", "--platform",
             "manylinux_2_17_x86_64", "--index-url", index, "--cache-dir", str(place / "store"), "--remote-cache", remote,
             "-o", str(place / "pylock.toml")], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if killed_after is not None:
            time.sleep(killed_after)
            process.kill()
        text = process.communicate(timeout=240)[0].decode(errors="replace")
    lock = place / "pylock.toml"
    with guard:
        results.append((number, killed_after, process.returncode, lock.read_bytes() if lock.exists() else None, text))


threads = []
for number in range(int(builds)):
    # The first ones too: what they claimed nobody gives back.
    killed_after = random.random() * 0.15 if number % 10 == 3 else None
    threads.append(threading.Thread(target=build, args=(number, killed_after)))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
ended = [one for one in results if one[1] is None]
failed = [one for one in ended if one[2] != 0]
locks = {one[3] for one in results if one[3] is not None}
print(f"{len(results)} builds, {len(results) - len(ended)} killed, {len(failed)} failed, {len(locks)} different locks")
if failed:
    print(failed[0][4])
if failed or len(locks) != 1:
    sys.exit(1)
(directory / "lock").write_bytes(locks.pop())

"""Whatever bytes arrive, every reader gives a Snapshot or one clear error, within 5 s and 200 MB. `make fuzz` tries it.

Not part of the tests: it takes minutes and never plays the same twice. What it finds becomes a test
(`tests/sources/test_mutilated.py`).
"""

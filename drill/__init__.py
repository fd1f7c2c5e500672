"""The drill: a site in production, as real processes with visitors, and everything that can happen to it at night.

`make drill` runs each fault and writes docs/drill.md; tests/drill/ runs them too and asserts what has to hold.
"""

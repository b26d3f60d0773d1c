"""Local stand-ins of Telegram and Discord and a live page that plays a script: for the demo, tests and benchmarks.

They speak real HTTP and WebSocket to the unmodified client libraries, check every request as strictly as the
platforms do, and enforce their real limits. Nothing in `bot` or `adapters` knows that they exist.
"""

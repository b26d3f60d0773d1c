"""LiveRelay's core: it knows sources, entries and deliveries, and no chat platform."""

__version__ = "0.1.0"

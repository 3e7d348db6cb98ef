"""The version of the engine; a plan names it beside the digest of the knowledge."""

__version__ = "0.1.0"

"""Open engine for immunoglobulin therapy."""

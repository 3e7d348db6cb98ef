"""Virtual trials: published ones repeated, and new designs with their power."""

"""Who asks: thin doors into the engine, without clinical logic."""

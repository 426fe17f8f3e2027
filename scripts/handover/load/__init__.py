"""Files to a Catalog: read, typed, every mistake with its place."""

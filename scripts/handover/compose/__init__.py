"""A Catalog to Documents: containers resolved, Markdown parsed, every name looked up."""

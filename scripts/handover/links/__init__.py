"""The network: every address of data/links.yml asked once."""

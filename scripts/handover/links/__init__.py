"""The link check: requests every address of data/links.yml and classifies the answers."""

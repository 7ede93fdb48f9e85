"""Where the passages that claims quote stand: on the pages of attached documents, and in text."""

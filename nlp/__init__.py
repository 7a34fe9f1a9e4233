"""Document to Annotation; underthesea and scikit-learn live here only."""

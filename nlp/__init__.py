"""Document to Annotation: words, topic, tone, concern, places, redaction, near-duplicates; underthesea and scikit-learn live here only."""

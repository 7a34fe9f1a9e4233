"""The core: records, text, store, detection, rules, alerts and the desk; it imports none of the other packages."""

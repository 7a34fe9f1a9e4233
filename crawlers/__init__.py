"""Page to Document: sources, spiders, extraction, spool and archive; Scrapy lives here only."""

"""The spiders: news by feeds, sitemaps and lists; forums by threads."""

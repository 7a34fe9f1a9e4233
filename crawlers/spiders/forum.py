"""Forums."""

from scrapy import Spider


class ForumSpider(Spider):
    name = "forum"

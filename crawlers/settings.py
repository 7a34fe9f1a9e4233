"""Scrapy's settings, as `scrapy.cfg` names them; a crawl adds its user agent and limits."""

BOT_NAME = "langnghe"
SPIDER_MODULES = ["crawlers.spiders"]
USER_AGENT = "LangNghe"

DOWNLOADER_MIDDLEWARES = {
    "crawlers.middlewares.AddressMiddleware": 60,
    "crawlers.middlewares.RobotsMiddleware": 100,
    # Between retries and redirects on the way back: a host that says Retry-After is heard before the retry.
    "crawlers.middlewares.PaceMiddleware": 560,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    # A proxy would resolve names itself, past the check of addresses.
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
}
TWISTED_DNS_RESOLVER = "crawlers.addresses.PublicResolver"
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the state knows what was fetched

CONCURRENT_REQUESTS = 64
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY_JITTER = 0.0  # the pace is a floor
AUTOTHROTTLE_ENABLED = False
DOWNLOAD_MAXSIZE = 8 << 20
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 30
REDIRECT_MAX_TIMES = 5
RETRY_TIMES = 1
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"
RETRY_EXCEPTIONS = [
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.DownloadTimeoutError",
    "scrapy.exceptions.ResponseDataLossError",
]
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.5",
    "Accept-Language": "vi,en;q=0.5",
}
TELNETCONSOLE_ENABLED = False
LOG_INSTALL_ROOT_HANDLER = False  # the command line says where logs go

"""Notices as HTML for mail, from a template that escapes whatever it shows."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from monitor.bulletins import Bulletin, issue_link
from monitor.notify_mail import CHART_ID
from monitor.records import VIETNAM


def html(bulletin: Bulletin) -> str:
    """Return a bulletin as a page for mail, with the chart that the mail carries where there is one."""
    return _template("notice.html").render(bulletin=bulletin, chart_id=CHART_ID, zone=VIETNAM, issue_link=issue_link)


@cache
def _template(name: str) -> Template:
    loader = PackageLoader("briefing", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True).get_template(name)

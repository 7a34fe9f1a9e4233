"""Templates with the filters of one language; whatever comes from outside is escaped."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from briefing.charts import written
from dashboard.errors import UnknownWord
from dashboard.formats import marked, moment, number, place_name
from dashboard.phrases import phrases
from dashboard.script import SCRIPT_PATH
from dashboard.style import STYLE_PATH
from dashboard.words import Language, Translate, translator
from monitor.records import VIETNAM
from monitor.sentences import Sentences

_FEW = 0.1

TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, kw_only=True, slots=True)
class Renderer:
    """One environment a language."""

    environments: Mapping[Language, Environment]
    translations: Mapping[Language, Translate]

    def render(self, name: str, language: Language, values: Mapping[str, Any]) -> str:
        """Return the template filled in.  A name that it uses and `values` lacks raises UndefinedError."""
        return self.environments[language].get_template(name).render(values)


def load_renderer(words: Sentences, publishers: Mapping[str, str] = MappingProxyType({})) -> Renderer:
    """Return the renderer of the shipped templates; `publishers` are the names of newsrooms."""
    translations = {language: translator(words, language) for language in Language}
    environments = {language: _environment(t, language, publishers) for language, t in translations.items()}
    return Renderer(environments=environments, translations=translations)


def _environment(t: Translate, language: Language, publishers: Mapping[str, str]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        phrases(t, language), t=t, language=language, style_path=STYLE_PATH, script_path=SCRIPT_PATH
    )
    environment.filters.update(_filters(t, language), publisher=lambda name: publishers.get(name, name))
    environment.globals["publisher_word"] = environment.filters["publisher"]
    return environment


def _filters(t: Translate, language: Language) -> dict[str, Any]:
    def percent(share: float) -> str:
        return f"{number(100 * share, language)}\u00a0%"

    def few(value: float) -> str:
        return t("under", n=number(_FEW, language, 1)) if 0 < value < _FEW / 2 else number(value, language, 1)

    def region(key: str) -> str:
        try:
            return t(f"region.{key}")
        except UnknownWord:
            return key

    def places(codes: Iterable[str], most: int = 3) -> str:
        names = [place_name(code) for code in codes]
        more = f" +{len(names) - most}" if len(names) > most else ""
        return ", ".join(names[:most]) + more

    return {
        "topic": lambda key: t(f"topic.{key}"),
        "place": place_name,
        "places": places,
        "region": region,
        "few": few,
        "number": lambda value, digits=0: number(value, language, digits),
        "percent": percent,
        "moment": moment,
        "iso": lambda value: value.isoformat(timespec="seconds"),
        "day": lambda value: f"{value.astimezone(VIETNAM):%d/%m/%Y}",
        "date": written,
        "marked": marked,
    }

"""Documents to Annotations: everything the models say of a text, one document at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from monitor.errors import ModelError
from monitor.records import TOPICS, Annotation, Document, Kind
from nlp.concern import concern
from nlp.convolution import Convolution
from nlp.convolution import load as load_convolution
from nlp.keywords import Background, keywords, load_background, split
from nlp.network import Network, load
from nlp.places import find_places
from nlp.reading import article, post, read
from nlp.tone import tone
from nlp.topics import topics
from nlp.words import is_bare

MODELS = Path(__file__).with_name("models")
# Changes when the code says other things with the same files.
_CODE = "1"
_FILES = ("news.npz", "news_bare.npz", "posts.npz", "posts_bare.npz", "background.npz")
_POSTS = (Kind.POST, Kind.COMMENT)
_TOPICS = slice(0, len(TOPICS))
_TONES = slice(len(TOPICS), len(TOPICS) + 3)


@dataclass(frozen=True, kw_only=True, slots=True)
class Annotator:
    """The models in memory; `model` names them and the code, and is written into every annotation.

    Of news and posts, one for text as published and one for text without marks.
    """

    model: str
    news: tuple[Network, Network]
    posts: tuple[Convolution, Convolution]
    background: Background

    @classmethod
    def load(cls, folder: Path = MODELS) -> "Annotator":
        """Return the annotator of a folder of models.  Raises ModelError naming the file."""
        return cls(
            model=_version(folder),
            news=(load(folder / "news.npz"), load(folder / "news_bare.npz")),
            posts=(load_convolution(folder / "posts.npz"), load_convolution(folder / "posts_bare.npz")),
            background=load_background(folder / "background.npz"),
        )

    def annotate(self, documents: Sequence[Document]) -> list[Annotation]:
        """Return what is said of each document, in order; no annotation depends on another document."""
        return [self._annotate(document) for document in documents]

    def _annotate(self, document: Document) -> Annotation:
        title, body = read(document)
        bare = is_bare(f"{title} {body}")
        logits = self.news[bare].logits(article(title, body, bare=bare))
        told = topics(logits[_TOPICS])
        if document.kind in _POSTS:
            felt, score = tone(self.posts[bare].logits(post(title, body, bare=bare)))
        else:
            felt, score = tone(logits[_TONES])
        places = find_places(title, body)
        return Annotation(
            document_id=document.id,
            model=self.model,
            topic=next(iter(told)),
            topics=told,
            tone=felt,
            tone_score=score,
            concern=concern(float(logits[-1])),
            places=tuple(place.code for place in places),
            wards=tuple(ward for place in places for ward in place.wards),
            keywords=keywords(split(title, self.background), split(body, self.background), self.background),
            version=document.version,
        )


def _version(folder: Path) -> str:
    files = [folder / name for name in _FILES]
    try:
        return f"{_CODE}-{blake2b(b''.join(file.read_bytes() for file in files), digest_size=6).hexdigest()}"
    except OSError as error:
        raise ModelError(f"{error.filename}: missing; rebuild it with `langnghe train`") from None

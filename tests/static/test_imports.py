"""The rules of the house that import-linter cannot say: what may be imported from a package, and by whom."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOMAINS = (
    "marketplace.kit", "marketplace.accounts", "marketplace.notifications", "marketplace.trust", "marketplace.chat",
    "tasks_app", "payments", "fraud", "frontend",
)  # fmt: skip


def modules() -> Iterator[tuple[str, Path]]:
    for package in ("marketplace", "tasks_app", "payments", "fraud", "frontend", "demo"):
        for file in sorted((ROOT / package).rglob("*.py")):
            if not {"migrations", "assets"} & set(file.parts):  # assets: scripts of the workbench, not of the site
                yield ".".join(file.relative_to(ROOT).with_suffix("").parts), file


def imports(file: Path) -> Iterator[str]:
    """Dotted names imported when the file runs; imports under TYPE_CHECKING are only for the reader."""
    for node in _running(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _running(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        yield child
        yield from _running(child)


def only_types(file: Path) -> set[str]:
    """Imported names that the file uses in annotations only: naming a type is not reaching into its package."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    annotations = [
        part
        for node in ast.walk(tree)
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None))
        if isinstance(part, ast.AST)
    ]
    in_annotations = {id(name) for part in annotations for name in ast.walk(part) if isinstance(name, ast.Name)}
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    elsewhere = {name.id for name in names if id(name) not in in_annotations}
    return {name.id for name in names} - elsewhere


def under(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def domain_of(name: str) -> str | None:
    return next((domain for domain in DOMAINS if under(name, domain)), None)


def is_room(name: str, *rooms: str) -> bool:
    return any(part in rooms for part in name.split(".")[1:])


def test_services_know_nothing_of_requests_and_sockets() -> None:
    wrong = [
        f"{name} imports {target}"
        for name, file in modules()
        if is_room(name, "services", "policies", "selectors", "states")
        for target in imports(file)
        if under(target, "channels", "ninja", "django.http", "django.shortcuts", "django.views")
    ]
    assert not wrong, "\n".join(wrong)


def test_only_the_gateway_speaks_with_stripe_and_only_the_model_room_with_sklearn() -> None:
    wrong = [
        f"{name} imports {target}"
        for name, file in modules()
        for target in imports(file)
        if (under(target, "stripe") and not under(name, "payments.stripe_gateway", "payments.simulator"))
        or (under(target, "sklearn", "skops") and not under(name, "fraud.model"))
    ]
    assert not wrong, "\n".join(wrong)


def test_other_packages_enter_by_services_and_selectors() -> None:
    """Another package's models and states are its own affair (the kit has no domain; the demo world may look everywhere)."""
    wrong = [
        f"{name} imports {target}"
        for name, file in modules()
        if (home := domain_of(name)) is not None and not is_room(name, "admin", "apps")
        for target in imports(file)
        if (other := domain_of(target)) not in (None, home, "marketplace.kit")
        and target.rpartition(".")[2] not in only_types(file)
        and target != "marketplace.accounts.models.User"  # what get_user_model() gives everybody, with its type
        and is_room(target.removeprefix(f"{other}"), "models", "states")
    ]
    assert not wrong, "\n".join(wrong)


def test_domain_code_asks_the_clock_that_tests_can_move() -> None:
    wrong = []
    for name, file in modules():
        if not is_room(name, "services", "selectors", "policies", "jobs", "states"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "datetime.now",
                "timezone.now",
                "datetime.utcnow",
                "time.time",
            ):
                wrong.append(f"{name}:{node.lineno} {ast.unparse(node)}")
    assert not wrong, "\n".join(wrong)


def test_every_module_can_be_imported() -> None:
    """A job or a command that nothing imports at start-up would otherwise break only when it is needed."""
    broken = []
    for name, file in modules():
        try:
            importlib.import_module(name.removesuffix(".__init__"))
        except Exception as error:
            broken.append(f"{file.relative_to(ROOT)}: {type(error).__name__}: {error}")
    assert not broken, "\n".join(broken)

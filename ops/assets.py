"""Styles, scripts and translations, made ready for the pages."""

from ops import places, shell, stamps
from ops.python_env import with_tools
from ops.say import Watch, good, step

_MODULES = places.ROOT / "node_modules"
# Viewers of the API's documents and copies of htmx that packages bring and no page loads: compressing their nine megabytes
# took longer than everything else.
_UNUSED = ["--ignore", "ninja", "--ignore", "django_htmx"]
_BUILT = places.ROOT / "frontend" / "static" / "build"


def ensure_node() -> None:
    print_ = stamps.fingerprint([places.ROOT / "package-lock.json", places.ROOT / "requirements" / "app.lock"])
    if stamps.is_fresh("node", print_, products=[_MODULES]):
        return
    watch = Watch()
    step("Installing the packages that build the pages' styles and scripts")
    shell.run(
        [places.VENV / "bin" / "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"],
        what="Installing npm packages",
        env=with_tools(),
    )
    stamps.put("node", print_)
    good(f"npm packages are in place ({watch})")


def ensure_built() -> None:
    print_ = stamps.fingerprint(
        [
            places.ROOT / "frontend" / "assets",
            places.ROOT / "package-lock.json",
            places.ROOT / "ops" / "build-assets.mjs",
        ]
    )
    if stamps.is_fresh("assets", print_, products=[_BUILT]):
        return
    watch = Watch()
    step("Building styles and scripts")
    shell.run(
        [places.VENV / "bin" / "node", "ops/build-assets.mjs"],
        what="Building styles and scripts",
        env=with_tools(),
        log="assets",
    )
    stamps.put("assets", print_)
    good(f"Styles and scripts are built ({watch})")


def ensure_translations() -> None:
    parts = places.ROOT / "locale" / "parts"
    print_ = stamps.fingerprint([parts])
    if stamps.is_fresh("translations", print_, products=[places.ROOT / "locale" / "ru" / "LC_MESSAGES" / "django.mo"]):
        return
    shell.run(
        [places.PYTHON, "manage.py", "compile_translations"],
        what="Compiling the translations",
        env={"DEBUG": "1", "DATABASE_URL": "postgis://nobody@127.0.0.1:1/none"},
    )
    if any(parts.glob("*.po")):
        stamps.put("translations", print_)


def collect_static(stack: str, environment: dict[str, str]) -> None:
    """Static files with the hash of their content in their names, and compressed, where nginx finds them."""
    print_ = stamps.fingerprint([places.ROOT / "frontend" / "static", places.ROOT / "requirements" / "app.lock"])
    target = places.state(stack) / "static"
    if stamps.is_fresh(f"static-{stack}", print_, products=[target / "staticfiles.json"]):
        return
    step("Collecting static files")
    shell.run(
        [places.PYTHON, "manage.py", "collectstatic", "--noinput", "--clear", "-v", "0", *_UNUSED],
        what="Collecting static files",
        env=environment,
    )
    stamps.put(f"static-{stack}", print_)

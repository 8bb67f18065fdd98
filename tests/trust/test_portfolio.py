"""Albums hold as much as the settings say; beyond it nothing is kept."""

from typing import Any

import pytest

from marketplace.trust import services
from marketplace.trust.errors import AlbumFull, TooManyAlbums
from marketplace.trust.models import Album, AlbumPhoto
from tests.access.world import photo
from tests.journeys import steps

pytestmark = pytest.mark.django_db


def test_an_album_too_many_is_refused(settings: Any) -> None:
    settings.RULES = {**settings.RULES, "albums": 1}
    man = steps.executor()
    services.make_album(by=man, title="Люстры")
    with pytest.raises(TooManyAlbums) as refused:
        services.make_album(by=man, title="Розетки")
    assert ("1" in refused.value.sentence, Album.objects.count()) == (True, 1)


def test_a_picture_too_many_is_refused(settings: Any) -> None:
    settings.RULES = {**settings.RULES, "album_photos": 1}
    man = steps.executor()
    album = services.make_album(by=man, title="Люстры")
    services.add_album_photo(album_id=album.pk, by=man, source=photo())
    with pytest.raises(AlbumFull) as refused:
        services.add_album_photo(album_id=album.pk, by=man, source=photo())
    assert ("1" in refused.value.sentence, AlbumPhoto.objects.count()) == (True, 1)

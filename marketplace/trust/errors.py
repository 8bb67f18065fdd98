from django.utils.translation import gettext_lazy as _

from marketplace.kit.errors import DomainError


class AlbumFull(DomainError):
    code = "album_full"
    message = _("This album is full: it holds %(limit)s pictures. Delete one or begin another album.")


class TooManyAlbums(DomainError):
    code = "too_many_albums"
    message = _("You have all the albums you can: %(limit)s. Delete one first.")

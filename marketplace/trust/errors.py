from django.utils.translation import gettext_lazy as _

from marketplace.kit.errors import DomainError


class AlbumFull(DomainError):
    code = "album_full"
    message = _("An album holds 50 pictures. Delete one or begin another album.")


class TooManyAlbums(DomainError):
    code = "too_many_albums"
    message = _("You can have 20 albums. Delete one first.")

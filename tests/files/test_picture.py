"""Profile photos: a square without metadata."""

import io

import pytest
from PIL import Image

from guiche.files import picture
from tests.files import samples
from tests.files.samples import upload


class TestSquare:
    def test_cuts_the_middle_out(self) -> None:
        photo = picture.square(upload(samples.photo_with_place(), "eu.jpg"))

        assert Image.open(io.BytesIO(photo)).size == (256, 256)
        assert samples.PLACE.encode() not in photo

    @pytest.mark.parametrize("content", [b"texto", b"<svg>", b"%PDF-1.7", samples.png_bomb(), b"a" * (6 * 1024 * 1024)])
    def test_refuses_what_is_no_picture(self, content: bytes) -> None:
        with pytest.raises(picture.PictureRefused, match="eu"):
            picture.square(upload(content, "eu.png"))

"""An archive by DICOMweb: a real Orthanc, and servers that answer what no archive should."""

from __future__ import annotations

import base64
import gzip
import http.server
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address

import numpy as np
import pytest
from tests.support.orthanc import ACCOUNT, SECRET, free_port, running_orthanc
from tests.support.read_scan import SERIES, SLICES, STUDY, as_file, make_report, make_series

from firstbreath.reading.report_reader import read_report
from firstbreath.reading.structured_report import render_report
from firstbreath.web.reading.archive_refusals import ArchiveRefused
from firstbreath.web.reading.archive_wire import Limits
from firstbreath.web.reading.dicomweb import Archive
from firstbreath.web.reading.multipart import BrokenParts, boundary_of, join_part, split_parts

CREDENTIALS = "Basic " + base64.b64encode(f"{ACCOUNT}:{SECRET}".encode()).decode()


def refusal(act: Callable[[], object]) -> tuple[str, str]:
    """The code and the words of a refusal, in which no credential may stand."""
    with pytest.raises(ArchiveRefused) as refused:
        act()
    assert SECRET not in str(refused.value)
    assert CREDENTIALS.split()[1] not in str(refused.value)
    assert refused.value.reason.fix
    return refused.value.reason.code, refused.value.reason.text


# A real archive


@pytest.fixture(scope="module")
def images():
    return make_series()


@pytest.fixture(scope="module")
def orthanc(tmp_path_factory, images):
    """An archive that holds the series, uploaded by dicomweb-client, which shares no code with what is tested."""
    import requests
    from dicomweb_client import DICOMwebClient

    packed = make_series(slices=2, series=f"{SERIES}.7")
    for image in packed:
        image.compress("1.2.840.10008.1.2.5", generate_instance_uid=False)
    with running_orthanc(tmp_path_factory.mktemp("orthanc")) as running:
        session = requests.Session()
        session.auth = (ACCOUNT, SECRET)
        DICOMwebClient(running.url, session=session).store_instances([*images, *packed])
        session.close()
        yield running


@pytest.fixture
def archive(orthanc) -> Archive:
    return Archive(orthanc.url, allowed=orthanc.allowed, authorization=CREDENTIALS)


@pytest.mark.parametrize(
    ("search", "count"),
    [
        ({"patient": "HOSP-4711"}, 1),
        ({"accession": "A77"}, 1),
        ({"first": date(2020, 7, 14), "last": date(2020, 7, 14)}, 1),
        ({"patient": "HOSP-4711", "first": date(2020, 7, 1)}, 1),
        ({"last": date(2020, 7, 13)}, 0),
        ({"patient": "HOSP-4712"}, 0),
    ],
)
def test_studies_are_found(archive, search, count):
    found = archive.find_studies(**search)
    assert [(study.uid, study.patient, study.day, study.description) for study in found] == [
        (STUDY, "HOSP-4711", "20200714", "CT chest")
    ] * count


@pytest.mark.parametrize("search", [{}, {"patient": "  "}, {"patient": "*"}, {"accession": "A7?"}, {"patient": "a\\b"}])
def test_a_search_must_name_something(archive, search):
    assert refusal(lambda: archive.find_studies(**search))[0] == "DWEB-014"


def test_a_series_comes_voxel_by_voxel_as_it_was(archive, images):
    import pydicom
    from pydicom.filebase import DicomBytesIO

    found = {series.uid: series.instances for series in archive.find_series(STUDY) if series.modality == "CT"}
    assert found == {SERIES: SLICES, f"{SERIES}.7": 2}
    fetched = {name: pydicom.dcmread(DicomBytesIO(content)) for name, content in archive.fetch_series(STUDY, SERIES)}
    assert fetched.keys() == {image.SOPInstanceUID for image in images}
    for image in images:
        np.testing.assert_array_equal(fetched[image.SOPInstanceUID].pixel_array, image.pixel_array)


def test_a_compressed_series_stays_compressed(archive):
    import pydicom
    from pydicom.filebase import DicomBytesIO

    originals = make_series(slices=2, series=f"{SERIES}.7")
    fetched = dict(archive.fetch_series(STUDY, f"{SERIES}.7"))
    for original in originals:
        image = pydicom.dcmread(DicomBytesIO(fetched[original.SOPInstanceUID]))
        assert image.file_meta.TransferSyntaxUID.name == "RLE Lossless"
        np.testing.assert_array_equal(image.pixel_array, original.pixel_array)


def test_a_report_is_stored_beside_the_images_and_read_back(archive, images):
    report = make_report(case="", subject="S-004", time_point="after")
    stored = archive.store_report(render_report(report, images))
    assert archive.store_report(render_report(report, images)) == stored  # the same report is the same instance
    (series,) = [series for series in archive.find_series(STUDY) if series.modality == "SR"]
    ((name, content),) = archive.fetch_series(STUDY, series.uid)
    assert name == stored
    assert read_report(content) == report
    assert len(archive.find_studies(patient="HOSP-4711")) == 1


def test_only_reports_are_stored(archive, images):
    for content in (as_file(images[0]), b"", b"%PDF"):
        assert refusal(lambda content=content: archive.store_report(content)) == (
            "DWEB-017", "What should be stored is no report in DICOM SR.",
        )  # fmt: skip


def test_wrong_credentials_and_what_is_not_there(archive, orthanc):
    code, text = refusal(
        lambda: Archive(orthanc.url, allowed=orthanc.allowed, authorization="Basic d3Jvbmc6eA==").find_series(STUDY)
    )
    assert (code, text) == (
        "DWEB-007", f"The archive 127.0.0.1:{orthanc.port} does not let this server in (status 401).",
    )  # fmt: skip
    assert refusal(lambda: list(archive.fetch_series(STUDY, "1.2.3")))[0] == "DWEB-009"
    for wrong in ("", "../../instances", "1.2.3?x", "1" * 65, "1..2"):
        assert refusal(lambda wrong=wrong: list(archive.fetch_series(STUDY, wrong)))[0] == "DWEB-014"


def test_limits_of_instances_and_bytes(orthanc):
    def fetch(**limits):
        archive = Archive(orthanc.url, allowed=orthanc.allowed, authorization=CREDENTIALS, limits=Limits(**limits))
        return list(archive.fetch_series(STUDY, SERIES))

    assert len(fetch(instances=SLICES)) == SLICES
    assert refusal(lambda: fetch(instances=SLICES - 1)) == (
        "DWEB-012", f"The series has more than {SLICES - 1} instances, the limit of this server.",
    )  # fmt: skip
    assert refusal(lambda: fetch(series_bytes=10_000))[0] == "DWEB-012"


def test_an_archive_that_is_down_is_said_plainly(tmp_path, images):
    with running_orthanc(tmp_path) as running:
        archive = Archive(running.url, allowed=running.allowed, authorization=CREDENTIALS)
        assert archive.find_studies(patient="HOSP-4711") == ()
    content = render_report(make_report(), images)
    acts = [
        lambda: archive.find_studies(patient="HOSP-4711"),
        lambda: list(archive.fetch_series(STUDY, SERIES)),
        lambda: archive.store_report(content),
    ]
    for act in acts:
        assert refusal(act) == (
            "DWEB-004", f"The archive 127.0.0.1:{running.port} cannot be reached: connection refused.",
        )  # fmt: skip


# Which addresses are asked at all

PLACE = {"pacs.example.org", "pacs.example.org:8443", "127.0.0.1:8042", "[::1]:8042", "localhost:8042", "10.0.0.9"}


@pytest.mark.parametrize(
    "url",
    [
        "https://pacs.example.org/dicom-web", "https://PACS.example.org./dicom-web/", "https://pacs.example.org:443",
        "https://pacs.example.org:8443/rs", "http://127.0.0.1:8042", "http://[::1]:8042/x", "http://localhost:8042",
    ],
)  # fmt: skip
def test_addresses_that_are_named_are_taken(url):
    Archive(url, allowed=PLACE)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://other.example.org/dicom-web", "DWEB-002"),
        ("https://pacs.example.org:9999/", "DWEB-002"),
        ("https://pacs.example.org.evil.test/", "DWEB-002"),
        ("http://169.254.169.254/latest/meta-data", "DWEB-002"),
        ("https://2130706433/", "DWEB-002"),
        ("http://127.0.0.1/", "DWEB-002"),
        ("http://pacs.example.org/", "DWEB-003"),
        ("http://10.0.0.9/", "DWEB-003"),
        (f"https://nora:{SECRET}@pacs.example.org/", "DWEB-001"),
        ("https://pacs.example.org@evil.test/", "DWEB-001"),
        ("https://pacs.example.org\\@evil.test/", "DWEB-001"),
        ("https://pacs.example.org/x?token=1", "DWEB-001"),
        ("https://pacs.example.org/../x", "DWEB-001"),
        ("https://pacs.example.org/%2e%2e/x", "DWEB-001"),
        ("https://pacs.example.org /", "DWEB-001"),
        ("https://pacs.example.org\r\nX: y/", "DWEB-001"),
        ("https://pacs.example.org:0/", "DWEB-001"),
        ("https://pacs.example.org:99999/", "DWEB-001"),
        ("https://рacs.example.org/", "DWEB-001"),
        ("ftp://pacs.example.org/", "DWEB-001"),
        ("file:///etc/passwd", "DWEB-001"),
        ("pacs.example.org", "DWEB-001"),
        ("", "DWEB-001"),
    ],
)
def test_other_addresses_are_refused(url, code):
    assert refusal(lambda: Archive(url, allowed=PLACE))[0] == code


def test_plain_http_to_another_machine_needs_a_setting():
    Archive("http://10.0.0.9/rs", allowed=PLACE, plain_http=True)
    assert refusal(lambda: Archive("http://10.0.0.9/rs", allowed=()))[0] == "DWEB-002"


def test_credentials_are_never_shown():
    archive = Archive("https://pacs.example.org", allowed=PLACE, authorization=CREDENTIALS)
    assert SECRET not in repr(vars(archive))
    assert CREDENTIALS not in repr(vars(archive))
    assert refusal(lambda: Archive("https://pacs.example.org", allowed=PLACE, authorization=f"{CREDENTIALS}\r\nX: y"))


# Servers that answer what no archive should

Write = Callable[[http.server.BaseHTTPRequestHandler], None]


@contextmanager
def answering(write: Write, *, tls: ssl.SSLContext | None = None) -> Iterator[tuple[Archive, list[str]]]:
    """An archive whose server answers everything so, and the paths that it was asked."""
    paths: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            paths.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            write(self)

        do_POST = do_GET  # noqa: N815 -- as http.server names it

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    host = f"127.0.0.1:{server.server_port}"
    limits = Limits(wait_s=0.5, whole_s=1.0, listing_bytes=100_000, series_bytes=1_000_000, instance_bytes=200_000)
    try:
        yield Archive(f"http://{host}/rs", allowed={host}, authorization=CREDENTIALS, limits=limits), paths
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def says(body: bytes = b"", status: int = 200, **headers: str) -> Write:
    def write(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return write


PARTS = {"Content_Type": 'multipart/related; type="application/dicom"; boundary=XX'}


def parts_of(*contents: bytes, end: bytes = b"--XX--\r\n") -> bytes:
    head = b"--XX\r\nContent-Type: application/dicom\r\n\r\n"
    return b"".join(head + content + b"\r\n" for content in contents) + end


FIRST, SECOND = map(as_file, make_series(slices=2))
OTHER = as_file(make_series(slices=1, series="1.2.3.4")[0])


@pytest.mark.parametrize(
    ("write", "code", "words"),
    [
        (says(status=302, Location="http://169.254.169.254/x"), "DWEB-008", "sends on to 169.254.169.254"),
        (says(status=307, Location="https://u:p@evil.test/"), "DWEB-008", "sends on to evil.test, where"),
        (says(status=404), "DWEB-009", "has nothing"),
        (says(status=500, body=b"at Foo.cs line 3"), "DWEB-010", r"answered with an error \(status 500\)"),
        (says(b"<html>Welcome</html>", Content_Type="text/html"), "DWEB-011", "did not answer with DICOM files"),
        (says(gzip.compress(parts_of(FIRST)), Content_Encoding="gzip", **PARTS), "DWEB-011", "compressed"),
        (says(parts_of(b"GIF89a"), **PARTS), "DWEB-011", "no DICOM file"),
        (says(parts_of(FIRST, FIRST), **PARTS), "DWEB-011", "twice"),
        (says(parts_of(FIRST, OTHER), **PARTS), "DWEB-015", "another series"),
        (says(parts_of(FIRST, SECOND, end=b""), **PARTS), "DWEB-013", "not whole: it ends before its last part"),
        (says(parts_of(FIRST, SECOND)[:-900], **PARTS), "DWEB-013", "not whole"),
        (says(parts_of(), **PARTS), "DWEB-009", "no such series"),
        (says(b"", **PARTS), "DWEB-013", "not whole"),
        (says(parts_of(b"x" * 600_000), **PARTS), "DWEB-012", "larger than 200,000 bytes"),
        (says(b"x" * 3_000_000, **PARTS), "DWEB-013", "too large"),
        (lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n"), "DWEB-013", "does not speak HTTP"),
        (lambda handler: time.sleep(1), "DWEB-006", "did not answer in time"),
    ],
)
def test_what_no_archive_should_answer_is_refused(write, code, words):
    with answering(write) as (archive, paths), pytest.raises(ArchiveRefused, match=words) as refused:
        list(archive.fetch_series(STUDY, SERIES))
    assert refused.value.reason.code == code
    assert paths == [f"/rs/studies/{STUDY}/series/{SERIES}"]  # asked once, followed nowhere


def test_an_answer_that_drips_is_given_up():
    def drip(handler):
        says(**PARTS)(handler)
        for _ in range(40):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.1)

    with answering(drip) as (archive, _):
        begun = time.monotonic()
        assert refusal(lambda: list(archive.fetch_series(STUDY, SERIES)))[0] == "DWEB-006"
        assert time.monotonic() - begun < 3


@pytest.mark.parametrize("body", [b"<xml/>", b'{"a": 1}', b"[1]", b"[" * 50_000])
def test_a_listing_that_is_none_is_refused(body):
    with answering(says(body)) as (archive, _):
        assert refusal(lambda: archive.find_studies(patient="x"))[0] == "DWEB-011"


def test_a_listing_is_taken_whatever_stands_in_its_rows():
    body = (
        b'[{"0020000D": {"vr": "UI", "Value": ["1.2"]}, "00100020": {"Value": ["X"]}, "00080020": 7, "00081030": {}}]'
    )
    with answering(says(body)) as (archive, paths):
        assert [study.uid for study in archive.find_studies(patient="x y")] == []  # the filter was ignored
        assert [study.uid for study in archive.find_studies(patient="x")] == ["1.2"]
    assert paths[0].startswith("/rs/studies?PatientID=x%20y&")
    with answering(says(b"[" + b" " * 200_000 + b"]")) as (archive, _):
        assert refusal(lambda: archive.find_studies(patient="x"))[0] == "DWEB-012"
    with answering(says(status=204)) as (archive, _):
        assert archive.find_studies(patient="x") == ()


FAILED = b'{"00081198": {"vr": "SQ", "Value": [{"00081197": {"vr": "US", "Value": [272]}}]}}'


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (says(FAILED, status=409), "status 409, reason 272"),
        (says(FAILED, status=202), "status 202, reason 272"),
        (says(FAILED), "status 200, reason 272"),
        (says(b"x", status=409), r"status 409\)"),
    ],
)
def test_a_report_that_was_not_kept_is_said(write, words, images):
    with answering(write) as (archive, _), pytest.raises(ArchiveRefused, match=words) as refused:
        archive.store_report(render_report(make_report(), images))
    assert refused.value.reason.code == "DWEB-016"


# Many files in one answer


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 10_000])
def test_parts_are_the_same_however_the_bytes_come(size):
    contents = [b"a" * 50, b"", b"\r\n--X", b"\r\n--XY\r\n\r\n", bytes(range(256)) * 3]
    whole = b"preamble" + b"\r\n" + parts_of(*contents) + b"epilogue"
    pieces = (whole[at : at + size] for at in range(0, len(whole), size))
    assert list(split_parts(pieces, "XX", limit=1_000)) == contents


def test_one_part_is_joined_as_it_is_split():
    assert list(split_parts([join_part(FIRST, "b0")], "b0", limit=10**6)) == [FIRST]
    with pytest.raises(BrokenParts):
        list(split_parts([join_part(FIRST, "b0")], "b1", limit=10**6))


@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        ('multipart/related; type="application/dicom"; boundary=XX', "XX"),
        ('Multipart/Related; BOUNDARY="a b"; type="application/dicom"', "a b"),
        ("multipart/related", ""),
        ("application/dicom", ""),
        ("text/html; boundary=XX", ""),
    ],
)
def test_boundaries(content_type, boundary):
    assert boundary_of(content_type) == boundary


def test_a_port_that_nobody_holds_is_said_plainly():
    port = free_port()
    archive = Archive(f"https://127.0.0.1:{port}", allowed={f"127.0.0.1:{port}"})
    assert refusal(lambda: archive.find_series(STUDY))[0] == "DWEB-004"


def test_a_server_without_encryption_is_said_plainly():
    with answering(says()) as (archive, _):
        host = archive._host
        code, text = refusal(lambda: Archive(f"https://{host}", allowed={host}).find_series(STUDY))
    assert (code, text) == ("DWEB-005", f"The archive {host} could not agree on an encrypted connection.")


def test_a_certificate_must_be_known(tmp_path):
    certificate = self_signed(tmp_path)
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server_side.load_cert_chain(certificate)
    with answering(says(b"[]"), tls=server_side) as (archive, paths):
        host = archive._host
        code, text = refusal(lambda: Archive(f"https://{host}", allowed={host}).find_series(STUDY))
        assert (code, text) == (
            "DWEB-005", f"The certificate of the archive {host} was not accepted: self-signed certificate.",
        )  # fmt: skip
        assert paths == []
        known = ssl.create_default_context(cafile=certificate)
        assert Archive(f"https://{host}", allowed={host}, context=known).find_series(STUDY) == ()


def self_signed(folder):
    """A certificate for this machine that nobody vouches for, with its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "archive")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    file = folder / "archive.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file

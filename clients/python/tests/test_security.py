"""Credentials: keys, tokens, certificates, and what is refused before anything is sent."""

import hashlib
import shutil
import subprocess

import autograd_client as ag
import pytest
from conftest import Server

KEY = "ag_" + "k" * 43
LINE = "ada sha256:" + hashlib.sha256(KEY.encode()).hexdigest()


def test_keys_and_tokens_are_presented():
    server = Server(f"--Autograd:Security:Keys:0={LINE}")
    try:
        with pytest.raises(ag.AutogradPermissionError) as refused:
            ag.connect(server.address)
        assert refused.value.reason == "CREDENTIALS_REQUIRED"
        asked = []
        for credential in ({"key": KEY}, {"token": KEY}, {"token": lambda: asked.append(1) or KEY}):
            with ag.connect(server.address, **credential) as session:
                assert ag.ones(2).sum().item() == 2
        assert len(asked) >= 4
    finally:
        server.stop()


@pytest.mark.parametrize("address", ["192.0.2.1:50051", "http://autograd.invalid", "[2001:db8::1]:50051"])
def test_keys_do_not_leave_the_machine_in_cleartext(address):
    with pytest.raises(ValueError, match="cleartext") as refused:
        ag.connect(address, key=KEY)
    assert KEY not in str(refused.value)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl to make certificates with")
def test_certificates_of_both_sides(tmp_path):
    both = tmp_path / "both.pem"
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert, "-days", "1", "-subj", "/CN=ada",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, capture_output=True)
    both.write_bytes(cert.read_bytes() + key.read_bytes())
    server = Server(f"--Autograd:Security:Tls:CertificateFile={both}", "--Autograd:Security:ClientCertificates:Mode=Required", f"--Autograd:Security:ClientCertificates:CaFile={cert}")
    try:
        for own in (both, (cert, key), (cert.read_bytes(), key.read_bytes())):
            with ag.connect(server.address, ca=cert, cert=own) as session:
                assert ag.ones(2).sum().item() == 2
        for bad in ({"ca": cert}, {"cert": both}):
            with pytest.raises(ag.AutogradConnectionError):
                ag.connect(server.address, connect_timeout=20, **bad)
    finally:
        server.stop()

package io.bitdelta.attestation.evidence.dcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.pki.Cert;
import io.bitdelta.attestation.pki.OwnPki;
import io.bitdelta.attestation.pki.OwnPki.Spec;
import io.bitdelta.attestation.pki.PkiException;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.junit.jupiter.api.Test;

/** The SGX extension: values at their limits, what is missing, what is no extension. */
final class PckCertificateTest {
    private static Cert cert(byte[] extension) {
        Spec spec = new Spec();
        if (extension.length > 0) {
            spec.extensions.put(PckCertificate.EXTENSION, extension);
        }
        return OwnPki.issue(null, "CN=PCK", spec).cert();
    }

    private static PckCertificate with(int svn, int pceSvn) {
        DcapFixture fixture = DcapFixture.sgx();
        fixture.components[3] = svn;
        fixture.pceSvn = pceSvn;
        return PckCertificate.of(cert(fixture.sgxExtension()));
    }

    @Test
    void numbersAtTheirLimitsAreRead() {
        assertThat(with(0, 0).componentSvn(3)).isZero();
        assertThat(with(0, 0).pceSvn()).isZero();
        assertThat(with(255, 65_535).componentSvn(3)).isEqualTo(255);
        assertThat(with(255, 65_535).pceSvn()).isEqualTo(65_535);
        assertThat(with(1, 2).fmspc()).isEqualTo("00A0B0C0D0E0");
        assertThat(with(1, 2).pceId()).isEqualTo("0000");
    }

    @Test
    void numbersBeyondTheirLimitsAreRefused() {
        for (int[] wrong : new int[][] {{256, 0}, {-1, 0}, {0, 65_536}, {0, -1}}) {
            assertThatThrownBy(() -> with(wrong[0], wrong[1]))
                    .isInstanceOf(PkiException.class)
                    .hasMessageContaining("outside");
        }
    }

    @Test
    void certificatesWithoutTheExtensionAndOtherValuesAreRefused() {
        assertThatThrownBy(() -> PckCertificate.of(cert(new byte[0])))
                .isInstanceOf(PkiException.class)
                .hasMessageContaining("no PCK certificate");
        assertThatThrownBy(() -> PckCertificate.of(cert(OwnPki.der(new DERSequence()))))
                .isInstanceOf(PkiException.class)
                .hasMessageContaining("lacks");
        assertThatThrownBy(() -> PckCertificate.of(cert(OwnPki.der(new DEROctetString(new byte[3])))))
                .isInstanceOf(PkiException.class)
                .hasMessageContaining("unreadable");
        DcapFixture shorter = DcapFixture.sgx();
        shorter.fmspc = "00A0B0C0D0";
        assertThatThrownBy(() -> PckCertificate.of(cert(shorter.sgxExtension())))
                .isInstanceOf(PkiException.class)
                .hasMessageContaining("has not 6 bytes");
    }
}

package io.bitdelta.attestation.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.pki.OwnPki.Entity;
import io.bitdelta.attestation.pki.OwnPki.Spec;
import java.io.IOException;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.BERSequence;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.ResponseBytes;
import org.junit.jupiter.api.Test;

/** A signature covers one form of a document: every other form of the same value is refused. */
final class DerTest {
    private static final Entity ROOT = OwnPki.root("CN=Root", "secp256r1");

    /** The same value with an indefinite length. */
    private static byte[] indefinite(byte[] der) throws IOException {
        byte[] out = new BERSequence(ASN1Sequence.getInstance(der).toArray()).getEncoded(ASN1Encoding.BER);
        assertThat(out).isNotEqualTo(der).startsWith(0x30, 0x80);
        return out;
    }

    @Test
    void aTruthOfAnotherByteIsAnotherCertificate() {
        byte[] der = ROOT.der();
        int truth = -1;
        for (int i = 0; i + 2 < der.length; i++) {
            if (der[i] == 1 && der[i + 1] == 1 && der[i + 2] == (byte) 0xff) {
                truth = i + 2;
            }
        }
        assertThat(truth).isPositive();
        assertThat(Cert.parse(der).selfIssued()).isTrue();
        der[truth] = 0x7f;
        assertThatThrownBy(() -> Cert.parse(der))
                .isInstanceOf(PkiException.class)
                .hasMessageContaining("DER");
    }

    @Test
    void indefiniteLengthsAreRefused() throws IOException {
        assertThatThrownBy(() -> Cert.parse(indefinite(ROOT.der())))
                .isInstanceOf(PkiException.class)
                .hasMessageContaining("DER");
        byte[] list = OwnPki.crl(ROOT);
        assertThat(Crl.parse(list).nextUpdate()).isPresent();
        assertThatThrownBy(() -> Crl.parse(indefinite(list)))
                .isInstanceOf(PkiException.class)
                .hasMessageContaining("DER");
        Entity leaf = OwnPki.issue(ROOT, "CN=Leaf", new Spec());
        byte[] answer = OwnPki.ocspGood(ROOT, leaf.der());
        assertThat(Ocsp.parse(answer).nextUpdate()).isPresent();
        assertThatThrownBy(() -> Ocsp.parse(indefinite(answer)))
                .isInstanceOf(PkiException.class)
                .hasMessageContaining("DER");
        OCSPResponse outer = OCSPResponse.getInstance(answer);
        byte[] inner = new OCSPResponse(
                        outer.getResponseStatus(),
                        new ResponseBytes(
                                outer.getResponseBytes().getResponseType(),
                                new DEROctetString(indefinite(
                                        outer.getResponseBytes().getResponse().getOctets()))))
                .getEncoded(ASN1Encoding.DER);
        assertThatThrownBy(() -> Ocsp.parse(inner))
                .isInstanceOf(PkiException.class)
                .hasMessageContaining("basic OCSP response is not DER");
    }
}

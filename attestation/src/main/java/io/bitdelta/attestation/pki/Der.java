package io.bitdelta.attestation.pki;

import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;

/**
 * Distinguished encoding (X.690), which has one form for each value. Signatures are checked over what the library writes:
 * other forms of the same value would be other bytes under the same signature.
 */
final class Der {
    private Der() {}

    /**
     * Refuses bytes that are another form of what was read out of them, or that have more behind it.
     *
     * @throws PkiException when the bytes are not the value's DER
     */
    static void require(ASN1Encodable read, byte[] bytes, String what) throws IOException {
        if (!Arrays.equals(read.toASN1Primitive().getEncoded(ASN1Encoding.DER), bytes)) {
            throw new PkiException(what + " is not DER, or bytes follow it");
        }
    }
}

package io.bitdelta.attestation.evidence.dcap;

import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.pki.Cert;
import io.bitdelta.attestation.pki.PkiException;
import java.util.HexFormat;
import java.util.Locale;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;

/** The SGX extension (OID 1.2.840.113741.1.13.1) of a provisioning certification key's certificate. */
final class PckCertificate {
    static final String EXTENSION = "1.2.840.113741.1.13.1";

    private static final int COMPONENTS = 16;

    private final byte[] fmspc;
    private final byte[] pceId;
    private final int[] componentSvns = new int[COMPONENTS];
    private final int pceSvn;

    private PckCertificate(ASN1Sequence extension) {
        fmspc = octets(find(extension, EXTENSION + ".4"), 6);
        pceId = octets(find(extension, EXTENSION + ".3"), 2);
        ASN1Sequence tcb = ASN1Sequence.getInstance(find(extension, EXTENSION + ".2"));
        for (int i = 0; i < COMPONENTS; i++) {
            componentSvns[i] = whole(find(tcb, EXTENSION + ".2." + (i + 1)), 255);
        }
        pceSvn = whole(find(tcb, EXTENSION + ".2.17"), 65535);
    }

    /** Reads; throws {@link PkiException} when the extension is missing or malformed. */
    static PckCertificate of(Cert cert) {
        byte[] value = cert.extension(EXTENSION)
                .orElseThrow(() -> new PkiException(cert.label() + " has no SGX extension: no PCK certificate"));
        try {
            return new PckCertificate(ASN1Sequence.getInstance(value));
        } catch (PkiException e) {
            throw e;
        } catch (RuntimeException e) {
            // BouncyCastle signals malformed structures with several unchecked exceptions.
            throw new PkiException("unreadable SGX extension of " + cert.label() + ": " + e.getMessage(), e);
        }
    }

    /** Six bytes as uppercase hex, the spelling of collateral. */
    String fmspc() {
        return upper(fmspc);
    }

    /** Two bytes as uppercase hex. */
    String pceId() {
        return upper(pceId);
    }

    int componentSvn(int index) {
        return componentSvns[index];
    }

    int pceSvn() {
        return pceSvn;
    }

    private static ASN1Encodable find(ASN1Sequence sequence, String oid) {
        for (ASN1Encodable item : sequence) {
            ASN1Sequence pair = ASN1Sequence.getInstance(item);
            if (pair.size() == 2
                    && ASN1ObjectIdentifier.getInstance(pair.getObjectAt(0))
                            .getId()
                            .equals(oid)) {
                return pair.getObjectAt(1);
            }
        }
        throw new PkiException("the SGX extension lacks " + oid);
    }

    private static byte[] octets(ASN1Encodable value, int length) {
        byte[] bytes = ASN1OctetString.getInstance(value).getOctets();
        if (bytes.length != length) {
            throw new PkiException("SGX extension value " + HexText.of(bytes) + " has not " + length + " bytes");
        }
        return bytes;
    }

    private static int whole(ASN1Encodable value, int max) {
        int number = ASN1Integer.getInstance(value).intValueExact();
        if (number < 0 || number > max) {
            throw new PkiException("SGX extension number " + number + " is outside [0, " + max + "]");
        }
        return number;
    }

    private static String upper(byte[] bytes) {
        return HexFormat.of().formatHex(bytes).toUpperCase(Locale.ROOT);
    }
}

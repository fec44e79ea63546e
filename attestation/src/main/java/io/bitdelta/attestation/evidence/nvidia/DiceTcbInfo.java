package io.bitdelta.attestation.evidence.nvidia;

import io.bitdelta.attestation.pki.Cert;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;

/**
 * The DICE extension of a device's leaf certificate with its firmware id: on Hopper a {@code CompositeDeviceID} (version,
 * device key, firmware id), on Blackwell a {@code TcbInfo} whose field 6 lists firmware ids (TCG DICE attestation
 * architecture section 6).
 */
final class DiceTcbInfo {
    private static final String COMPOSITE_DEVICE_ID = "2.23.133.5.4.1";
    private static final String TCB_INFO = "2.23.133.5.4.1.1";
    private static final int FWIDS = 6;

    private DiceTcbInfo() {}

    static boolean presentIn(Cert cert) {
        return cert.extension(COMPOSITE_DEVICE_ID).isPresent()
                || cert.extension(TCB_INFO).isPresent();
    }

    /** The SHA-384 of the firmware that the leaf's key belongs to. */
    static Optional<byte[]> fwid(Cert cert) {
        try {
            Optional<byte[]> composite = cert.extension(COMPOSITE_DEVICE_ID);
            if (composite.isPresent()) {
                return digest(ASN1Sequence.getInstance(composite.get()).getObjectAt(2));
            }
            return cert.extension(TCB_INFO).flatMap(DiceTcbInfo::first);
        } catch (RuntimeException e) {
            // BouncyCastle signals malformed structures with several unchecked exceptions.
            return Optional.empty();
        }
    }

    private static Optional<byte[]> first(byte[] extension) {
        for (ASN1Encodable item : ASN1Sequence.getInstance(extension)) {
            if (item instanceof ASN1TaggedObject tagged && tagged.getTagNo() == FWIDS) {
                return digest(ASN1Sequence.getInstance(tagged, false).getObjectAt(0));
            }
        }
        return Optional.empty();
    }

    private static Optional<byte[]> digest(ASN1Encodable fwid) {
        ASN1Sequence pair = ASN1Sequence.getInstance(fwid);
        return NISTObjectIdentifiers.id_sha384.equals(pair.getObjectAt(0))
                ? Optional.of(ASN1OctetString.getInstance(pair.getObjectAt(1)).getOctets())
                : Optional.empty();
    }
}

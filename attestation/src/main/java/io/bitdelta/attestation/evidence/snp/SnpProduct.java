package io.bitdelta.attestation.evidence.snp;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.pki.TrustAnchors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A processor generation: whose root, and which byte of a TCB version belongs to which component. */
enum SnpProduct {
    MILAN(TrustAnchors.Vendor.AMD_MILAN, 64),
    GENOA(TrustAnchors.Vendor.AMD_GENOA, 64),
    TURIN(TrustAnchors.Vendor.AMD_TURIN, 8);

    private static final String OID = "1.3.6.1.4.1.3704.1.3.";

    private final TrustAnchors.Vendor vendor;
    private final int hwidLength;

    SnpProduct(TrustAnchors.Vendor vendor, int hwidLength) {
        this.vendor = vendor;
        this.hwidLength = hwidLength;
    }

    /**
     * One part of the firmware.
     *
     * @param name as policies call it
     * @param oid certificate extension with its version
     * @param index its byte in a TCB version
     */
    record Component(String name, String oid, int index) {
        int version(byte[] tcb) {
            return tcb[index] & 0xff;
        }
    }

    TrustAnchors.Vendor vendor() {
        return vendor;
    }

    /** Length of the hardware id in a VCEK; the rest of CHIP_ID is zero. */
    int hwidLength() {
        return hwidLength;
    }

    /** The parts of a TCB version. */
    List<Component> components() {
        return this == TURIN
                ? List.of(
                        new Component("fmc", OID + "9", 0),
                        new Component("bootloader", OID + "1", 1),
                        new Component("tee", OID + "2", 2),
                        new Component("snp", OID + "3", 3),
                        new Component("microcode", OID + "8", 7))
                : List.of(
                        new Component("bootloader", OID + "1", 0),
                        new Component("tee", OID + "2", 1),
                        new Component("snp", OID + "3", 6),
                        new Component("microcode", OID + "8", 7));
    }

    /** The generation whose root has a key. */
    static Optional<SnpProduct> ofRoot(TrustAnchors anchors, Bytes32 keyId) {
        return Arrays.stream(values())
                .filter(product -> anchors.of(product.vendor).contains(keyId))
                .findFirst();
    }
}

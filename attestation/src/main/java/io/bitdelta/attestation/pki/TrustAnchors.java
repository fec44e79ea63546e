package io.bitdelta.attestation.pki;

import io.bitdelta.attestation.bytes.Bytes32;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * The pinned roots: for each vendor the SHA-256 of the DER of its public key. A root certificate itself travels with
 * evidence or endorsements and counts only if its key is pinned here, whatever its name.
 */
public final class TrustAnchors {
    /** Whose root. */
    public enum Vendor {
        /** Intel SGX Root CA: SGX and TDX. */
        INTEL,
        /** AMD root key of Milan. */
        AMD_MILAN,
        /** AMD root key of Genoa. */
        AMD_GENOA,
        /** AMD root key of Turin. */
        AMD_TURIN,
        /** AWS Nitro Enclaves Root G1. */
        AWS_NITRO,
        /** NVIDIA Device Identity CA. */
        NVIDIA_DEVICE,
        /** NVIDIA CoRIM signing Root CA. */
        NVIDIA_RIM
    }

    private static final TrustAnchors VENDORS = new TrustAnchors(Map.of(
            Vendor.INTEL, pin("a0af031289f5d5d4132f9186068a7fc13628633ba235777472e29b6b6c67a49e"),
            Vendor.AMD_MILAN, pin("9f056bee44377e29308cb5ffa895bdfb62d18881fa6bed8d6f075b0204089cb9"),
            Vendor.AMD_GENOA, pin("429a69c9422aa258ee4d8db5fcda9c6470ef15f8cd5a9cebd6cbc7d90b863831"),
            Vendor.AMD_TURIN, pin("4f125410563a2ab9a50356f9243f6fe0b6f73de98603f53f90339c70e9d7ad08"),
            Vendor.AWS_NITRO, pin("f2caf5ecc6190b4a8399b78bc58a2bbcd0382375db8a1bfd78a82743874fd225"),
            Vendor.NVIDIA_DEVICE, pin("a90c4eb5acfd3e3d03a25db6a26b84f720ad0503196c627c21ddd48dd85b06a4"),
            Vendor.NVIDIA_RIM, pin("dec1dc316477aa851eebdf51327ae9f864bc8d89254657ed1e7eb9168af1e1a3")));

    private final Map<Vendor, Set<Bytes32>> pins;

    private TrustAnchors(Map<Vendor, Set<Bytes32>> pins) {
        this.pins = Map.copyOf(pins);
    }

    /** The vendors' own roots. */
    public static TrustAnchors vendors() {
        return VENDORS;
    }

    /** No root at all. */
    public static TrustAnchors none() {
        return new TrustAnchors(Map.of());
    }

    /** The same with other keys for one vendor. */
    public TrustAnchors with(Vendor vendor, Set<Bytes32> keyIds) {
        Map<Vendor, Set<Bytes32>> copy = new EnumMap<>(Vendor.class);
        copy.putAll(pins);
        copy.put(vendor, Set.copyOf(keyIds));
        return new TrustAnchors(copy);
    }

    /** The pinned keys of a vendor. */
    public Set<Bytes32> of(Vendor vendor) {
        return pins.getOrDefault(vendor, Set.of());
    }

    private static Set<Bytes32> pin(String sha256) {
        return Set.of(Bytes32.of("0x" + sha256));
    }
}

package io.bitdelta.attestation.pki;

import io.bitdelta.attestation.bytes.Bytes32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Roots that an operator keeps in a folder instead of the built-in pins. Every self-signed certificate in it is trusted
 * for the vendor that its name hints at; names decide nothing but this sorting of the operator's own files.
 *
 * @param anchors the roots by vendor; vendors without a file have none
 * @param documents all files, which also serve as endorsements
 */
public record RootFolder(TrustAnchors anchors, List<byte[]> documents) {
    private static final long MAX_BYTES = 1 << 20;

    /** Copies. */
    public RootFolder {
        documents = documents.stream().map(byte[]::clone).toList();
    }

    /**
     * Reads a folder.
     *
     * @throws PkiException when a file is no certificate or a root's vendor cannot be told
     */
    public static RootFolder read(Path folder) throws IOException {
        List<byte[]> documents = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (Files.size(file) > MAX_BYTES) {
                    throw new PkiException(file + " is longer than " + MAX_BYTES + " bytes: no root certificate");
                }
                documents.add(Files.readAllBytes(file));
            }
        }
        Documents sorted = Documents.of(documents);
        if (!sorted.unreadable().isEmpty()) {
            throw new PkiException(folder + ": " + sorted.unreadable().getFirst());
        }
        Map<TrustAnchors.Vendor, Set<Bytes32>> pins = new EnumMap<>(TrustAnchors.Vendor.class);
        for (Cert cert : sorted.certs()) {
            if (cert.selfIssued()) {
                pins.computeIfAbsent(vendor(cert), v -> new HashSet<>()).add(cert.keyId());
            }
        }
        TrustAnchors anchors = TrustAnchors.none();
        for (Map.Entry<TrustAnchors.Vendor, Set<Bytes32>> pin : pins.entrySet()) {
            anchors = anchors.with(pin.getKey(), pin.getValue());
        }
        return new RootFolder(anchors, documents);
    }

    private static TrustAnchors.Vendor vendor(Cert root) {
        for (TrustAnchors.Vendor vendor : TrustAnchors.Vendor.values()) {
            if (TrustAnchors.vendors().of(vendor).contains(root.keyId())) {
                return vendor;
            }
        }
        String name = root.subject().toString().toLowerCase(Locale.ROOT);
        if (name.contains("sgx")) {
            return TrustAnchors.Vendor.INTEL;
        }
        if (name.contains("milan")) {
            return TrustAnchors.Vendor.AMD_MILAN;
        }
        if (name.contains("genoa")) {
            return TrustAnchors.Vendor.AMD_GENOA;
        }
        if (name.contains("turin")) {
            return TrustAnchors.Vendor.AMD_TURIN;
        }
        if (name.contains("nitro")) {
            return TrustAnchors.Vendor.AWS_NITRO;
        }
        if (name.contains("rim")) {
            return TrustAnchors.Vendor.NVIDIA_RIM;
        }
        if (name.contains("device")) {
            return TrustAnchors.Vendor.NVIDIA_DEVICE;
        }
        throw new PkiException("whose root is " + root.label()
                + "? Its name must contain SGX, Milan, Genoa, Turin, nitro, RIM or Device");
    }
}

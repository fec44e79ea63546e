package io.bitdelta.attestation.evidence.nvidia;

import io.bitdelta.attestation.pki.Cert;
import io.bitdelta.attestation.pki.Documents;
import io.bitdelta.attestation.pki.Ocsp;
import io.bitdelta.attestation.pki.PkiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Manifests, certificates and OCSP answers out of endorsement documents. */
final class RimLibrary {
    private final List<Rim> rims = new ArrayList<>();
    private final List<String> malformed = new ArrayList<>();
    private final Documents documents;

    private RimLibrary(List<byte[]> raw) {
        documents = Documents.of(raw);
        malformed.addAll(documents.unreadable());
        for (byte[] text : documents.texts()) {
            if (Rim.looksLike(text)) {
                try {
                    rims.add(Rim.parse(text));
                } catch (Rim.RimException | PkiException e) {
                    malformed.add(String.valueOf(e.getMessage()));
                }
            }
        }
    }

    static RimLibrary of(List<byte[]> raw) {
        return new RimLibrary(raw);
    }

    Optional<Rim> find(String product, String version) {
        return rims.stream()
                .filter(rim -> rim.product().equals(product) && rim.version().equalsIgnoreCase(version))
                .findFirst();
    }

    List<Rim> rims() {
        return List.copyOf(rims);
    }

    List<Cert> certs() {
        return documents.certs();
    }

    List<Ocsp> ocsps() {
        return documents.ocsps();
    }

    List<String> malformed() {
        return List.copyOf(malformed);
    }
}

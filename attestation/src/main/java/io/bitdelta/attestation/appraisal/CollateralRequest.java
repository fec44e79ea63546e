package io.bitdelta.attestation.appraisal;

import java.util.Optional;

/**
 * A document that a vendor's collateral service has for a piece of evidence.
 *
 * @param path below the service's base, with query and without a leading slash; of {@link Kind#REVOCATION_STATUS} the
 *     question itself in base64url without padding, which is posted to the base
 * @param kind what the answer is
 * @param chainHeader the response header that carries the signer's chain (PEM, percent-encoded), if there is one
 */
public record CollateralRequest(String path, Kind kind, Optional<String> chainHeader) {
    /** What an answer is. */
    public enum Kind {
        /** JSON of one signed object and its signature, valid until the object's {@code nextUpdate}. */
        SIGNED_JSON,
        /** A revocation list: DER, or DER in hex; valid until its next update. */
        REVOCATION_LIST,
        /** Certificates: one in DER, or PEM; valid until the first of them ends. */
        CERTIFICATES,
        /** JSON whose {@code rim} is a reference integrity manifest in base64; valid until its first certificate ends. */
        MANIFEST,
        /** An OCSP response (RFC 6960) to a posted request; valid until its next update. */
        REVOCATION_STATUS
    }

    /** Refuses paths that could leave the service's base. */
    public CollateralRequest {
        if (!path.matches("[A-Za-z0-9][A-Za-z0-9/_.?&=-]*") || path.contains("..") || path.contains("//")) {
            throw new IllegalArgumentException("not a path of a collateral service: \"" + path + "\"");
        }
    }

    /** A request whose answer needs no other document. */
    public static CollateralRequest of(String path, Kind kind) {
        return new CollateralRequest(path, kind, Optional.empty());
    }

    /** A request whose answer brings its signer's chain in a header. */
    public static CollateralRequest of(String path, Kind kind, String chainHeader) {
        return new CollateralRequest(path, kind, Optional.of(chainHeader));
    }
}

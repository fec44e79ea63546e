/** Manifests, statements, evidence, signatures and DIDs. */
module io.bitdelta.attestation {
    requires org.bouncycastle.provider;
    requires static transitive org.jspecify;
    requires tools.jackson.core;

    exports io.bitdelta.attestation.appraisal;
    exports io.bitdelta.attestation.binding;
    exports io.bitdelta.attestation.bytes;
    exports io.bitdelta.attestation.did;
    exports io.bitdelta.attestation.evidence;
    exports io.bitdelta.attestation.evidence.software;
    exports io.bitdelta.attestation.json;
    exports io.bitdelta.attestation.manifest;
    exports io.bitdelta.attestation.receipt;
    exports io.bitdelta.attestation.sign;
    exports io.bitdelta.attestation.typed;
}

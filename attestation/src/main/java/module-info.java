/** Manifests, statements, evidence, signatures and DIDs. */
module io.bitdelta.attestation {
    requires java.net.http;
    requires java.xml.crypto;
    requires transitive org.bouncycastle.pkix;
    requires transitive org.bouncycastle.provider;
    requires static transitive org.jspecify;
    requires org.snakeyaml.engine;
    requires tools.jackson.core;

    exports io.bitdelta.attestation.appraisal;
    exports io.bitdelta.attestation.attester;
    exports io.bitdelta.attestation.bench;
    exports io.bitdelta.attestation.binding;
    exports io.bitdelta.attestation.bytes;
    exports io.bitdelta.attestation.collateral;
    exports io.bitdelta.attestation.conformance;
    exports io.bitdelta.attestation.did;
    exports io.bitdelta.attestation.envelope;
    exports io.bitdelta.attestation.evidence;
    exports io.bitdelta.attestation.evidence.dcap;
    exports io.bitdelta.attestation.evidence.nitro;
    exports io.bitdelta.attestation.evidence.nvidia;
    exports io.bitdelta.attestation.evidence.snp;
    exports io.bitdelta.attestation.evidence.software;
    exports io.bitdelta.attestation.json;
    exports io.bitdelta.attestation.manifest;
    exports io.bitdelta.attestation.pki;
    exports io.bitdelta.attestation.receipt;
    exports io.bitdelta.attestation.sign;
    exports io.bitdelta.attestation.typed;
}

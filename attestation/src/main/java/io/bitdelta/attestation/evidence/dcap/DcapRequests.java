package io.bitdelta.attestation.evidence.dcap;

import io.bitdelta.attestation.appraisal.CollateralRequest;
import io.bitdelta.attestation.appraisal.CollateralRequest.Kind;
import io.bitdelta.attestation.pki.Cert;
import io.bitdelta.attestation.pki.PkiException;
import java.util.List;
import java.util.Locale;

/**
 * The addresses of Intel's provisioning certification service, version 4, for a quote. The root's revocation list is asked
 * for where caching services (PCCS) have it; Intel publishes it on another host.
 */
final class DcapRequests {
    private DcapRequests() {}

    /** Throws {@link PkiException} when the quote's chain cannot be read. */
    static List<CollateralRequest> of(DcapQuote quote) {
        Cert leaf = Cert.parsePem(quote.certification()).stream()
                .filter(cert -> cert.extension(PckCertificate.EXTENSION).isPresent())
                .findFirst()
                .orElseThrow(() -> new PkiException("the quote brings no PCK certificate"));
        String fmspc = PckCertificate.of(leaf).fmspc();
        String issuer = leaf.issuer().toString().toLowerCase(Locale.ROOT);
        String ca = issuer.contains("processor") ? "processor" : "platform";
        String tee = quote.tdx() ? "tdx" : "sgx";
        return List.of(
                CollateralRequest.of(
                        tee + "/certification/v4/tcb?fmspc=" + fmspc, Kind.SIGNED_JSON, "TCB-Info-Issuer-Chain"),
                CollateralRequest.of(
                        tee + "/certification/v4/qe/identity", Kind.SIGNED_JSON, "SGX-Enclave-Identity-Issuer-Chain"),
                CollateralRequest.of(
                        "sgx/certification/v4/pckcrl?ca=" + ca + "&encoding=der",
                        Kind.REVOCATION_LIST,
                        "SGX-PCK-CRL-Issuer-Chain"),
                CollateralRequest.of("sgx/certification/v4/rootcacrl", Kind.REVOCATION_LIST));
    }
}

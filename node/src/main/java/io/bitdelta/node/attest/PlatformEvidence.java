package io.bitdelta.node.attest;

import io.bitdelta.attestation.appraisal.Appraiser;
import io.bitdelta.attestation.appraisal.CollateralRequest;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.attester.Attester;
import io.bitdelta.attestation.attester.AttesterException;
import io.bitdelta.attestation.collateral.CollateralSource;
import io.bitdelta.attestation.evidence.snp.CertificateTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Evidence of the platform that the node runs on, with collateral from what the host hands out and from services. */
public final class PlatformEvidence implements EvidenceSource {
    private static final Logger LOG = LoggerFactory.getLogger(PlatformEvidence.class);

    private final Attester attester;
    private final Appraiser appraiser;
    private final List<byte[]> roots;
    private final Optional<CollateralSource> collateral;
    private final Optional<CollateralSource> responder;

    /**
     * @param appraiser knows what each technology's evidence needs beside it
     * @param roots root certificates, which some technologies want among the endorsements
     * @param collateral asked for certificates, lists and reference values
     * @param responder asked for the state of single certificates
     */
    public PlatformEvidence(
            Attester attester,
            Appraiser appraiser,
            List<byte[]> roots,
            Optional<CollateralSource> collateral,
            Optional<CollateralSource> responder) {
        this.attester = attester;
        this.appraiser = appraiser;
        this.roots = roots.stream().map(byte[]::clone).toList();
        this.collateral = collateral;
        this.responder = responder;
    }

    @Override
    public Endorsed issue(byte[] reportData) throws IOException, InterruptedException {
        Attester.Issued issued = attester.attest(reportData);
        byte[] evidence = issued.evidence();
        List<byte[]> documents = new ArrayList<>(roots);
        documents.addAll(handedOut(issued.auxiliary()));
        documents.addAll(ask(collateral, appraiser.collateral(evidence)));
        documents.addAll(ask(responder, appraiser.revocation(evidence, Endorsements.of(documents))));
        return new Endorsed(evidence, Endorsements.of(documents));
    }

    private static List<byte[]> handedOut(byte[] auxiliary) throws AttesterException {
        try {
            return CertificateTable.documents(auxiliary);
        } catch (IllegalArgumentException malformed) {
            throw new AttesterException("the platform's auxiliary data: " + malformed.getMessage());
        }
    }

    private static List<byte[]> ask(Optional<CollateralSource> source, List<CollateralRequest> requests)
            throws InterruptedException {
        if (source.isEmpty() || requests.isEmpty()) {
            return List.of();
        }
        CollateralSource.Collected collected = source.get().collect(requests);
        collected.complaints().forEach(complaint -> LOG.warn("collateral: {}", complaint));
        return collected.documents();
    }
}

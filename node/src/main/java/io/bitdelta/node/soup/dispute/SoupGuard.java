package io.bitdelta.node.soup.dispute;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.lookup.SoupLookup;
import io.bitdelta.node.lookup.SoupRecord;
import io.bitdelta.node.soup.SoupService;
import io.bitdelta.node.soup.SoupsContract;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after the soups that an account has proposed: whatever is demanded of them is answered before it is late. */
public final class SoupGuard {
    private static final Logger log = LoggerFactory.getLogger(SoupGuard.class);

    private final SoupLookup soups;
    private final SoupService service;
    private final DossierReader dossiers;
    private final DisputeContract contract;
    private final Defender defender;
    private final EvmAddress proposer;

    /** @param proposer the account whose bonds are at stake */
    public SoupGuard(
            SoupLookup soups,
            SoupService service,
            DossierReader dossiers,
            DisputeContract contract,
            Defender defender,
            EvmAddress proposer) {
        this.soups = soups;
        this.service = service;
        this.dossiers = dossiers;
        this.contract = contract;
        this.defender = defender;
        this.proposer = proposer;
    }

    /**
     * Answers and settles all that can be now. One soup that cannot be defended does not keep the others from it.
     *
     * @return the transactions sent
     */
    public List<OutboxEntry> look() {
        List<OutboxEntry> sent = new ArrayList<>();
        for (SoupRecord record : soups.byProposer(proposer)) {
            Bytes32 soupId = Bytes32.of(record.soupId());
            if (service.status(soupId).status() == SoupsContract.Status.PROPOSED
                    && contract.cases(soupId, record.block()).stream().anyMatch(DisputeCase::open)) {
                try (Dossier dossier = dossiers.read(soupId)) {
                    sent.addAll(defender.answerAll(dossier, service.weights(soupId), record.block()));
                } catch (IOException | RuntimeException failed) {
                    log.error("soup {} is challenged and could not be defended: {}", soupId, failed.getMessage());
                }
            }
        }
        return sent;
    }
}

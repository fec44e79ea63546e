package io.bitdelta.node.publish;

import io.bitdelta.node.chain.OutboxEntry;
import java.math.BigInteger;

/**
 * A delta that is on the chain.
 *
 * @param deltaId the registry's key
 * @param did the owner
 * @param deltaCid where the delta file is
 * @param manifestCid where the manifest is
 * @param evidenceCid where the evidence bundle is
 * @param contentRoot owner-free commitment
 * @param deltaRoot commitment bound to the owner
 * @param evidenceStatus what the appraisal said
 * @param transaction the publishing transaction
 * @param together how many publications that transaction holds
 */
public record Published(
        String deltaId,
        String did,
        String deltaCid,
        String manifestCid,
        String evidenceCid,
        String contentRoot,
        String deltaRoot,
        String evidenceStatus,
        OutboxEntry transaction,
        int together) {
    /** This publication's share of what the transaction cost, rounded up. */
    public BigInteger costWei() {
        return transaction.costWei().add(BigInteger.valueOf(together - 1L)).divide(BigInteger.valueOf(together));
    }
}

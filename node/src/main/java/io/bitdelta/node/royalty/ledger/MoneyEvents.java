package io.bitdelta.node.royalty.ledger;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import java.util.List;
import java.util.Set;

/** Where the royalties contract's events come from. Every list is in chain order. */
public interface MoneyEvents {
    /** Everything that went into or out of the pots of some soups. */
    List<MoneyEvent> ofSoups(Set<Bytes32> soups);

    /** Everything that went into or out of a payer's escrow. */
    List<MoneyEvent> ofPayer(EvmAddress payer);
}

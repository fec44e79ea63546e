package io.bitdelta.node.royalty;

import io.bitdelta.contracts.BitDeltaRoyalties;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.ChainException;
import io.bitdelta.node.chain.OutboxEntry;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.web3j.abi.EventEncoder;
import org.web3j.protocol.core.methods.response.Log;

/** What mined transactions really did, from the royalties contract's events in their receipts. */
final class RoyaltyReceipts {
    private static final String PAID = EventEncoder.encode(BitDeltaRoyalties.PAID_EVENT);
    private static final String CLAIMED = EventEncoder.encode(BitDeltaRoyalties.CLAIMED_EVENT);
    private static final String SKIPPED = EventEncoder.encode(BitDeltaRoyalties.VOUCHERSKIPPED_EVENT);

    private final ChainClient chain;
    private final String contract;

    /** @param contract address of the royalties contract */
    RoyaltyReceipts(ChainClient chain, String contract) {
        this.chain = chain;
        this.contract = contract;
    }

    /** What arrived in pots. */
    BigInteger received(OutboxEntry sent) {
        return events(sent, PAID).stream()
                .map(entry -> BitDeltaRoyalties.getPaidEventFromLog(entry).received)
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    /** What was claimed. */
    BigInteger claimed(OutboxEntry sent) {
        return events(sent, CLAIMED).stream()
                .map(entry -> BitDeltaRoyalties.getClaimedEventFromLog(entry).amount)
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    /** Reasons of skipped vouchers, by their place in the call. */
    Map<Integer, Integer> skipped(OutboxEntry sent) {
        Map<Integer, Integer> reasons = new HashMap<>();
        for (Log entry : events(sent, SKIPPED)) {
            var event = BitDeltaRoyalties.getVoucherSkippedEventFromLog(entry);
            reasons.put(event.index.intValueExact(), event.reason.intValueExact());
        }
        return reasons;
    }

    private List<Log> events(OutboxEntry sent, String topic) {
        return chain
                .receipt(sent.hash())
                .orElseThrow(() -> new ChainException(
                        "transaction %s has no receipt any more (a reorg?): try again".formatted(sent.hash())))
                .getLogs()
                .stream()
                .filter(entry -> entry.getAddress().equalsIgnoreCase(contract)
                        && entry.getTopics().getFirst().equals(topic))
                .toList();
    }
}

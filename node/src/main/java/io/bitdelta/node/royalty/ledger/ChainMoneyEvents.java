package io.bitdelta.node.royalty.ledger;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.contracts.BitDeltaRoyalties;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.ChainException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.web3j.abi.EventEncoder;
import org.web3j.protocol.core.methods.response.Log;

/** The events as the chain's own logs tell them, read anew each time: slow, and the truth that an index is held to. */
public final class ChainMoneyEvents implements MoneyEvents {
    private static final long RANGE = 2_000;

    private final ChainClient chain;
    private final String royalties;
    private final long firstBlock;

    /**
     * @param royalties address of the contract
     * @param firstBlock no event is older
     */
    public ChainMoneyEvents(ChainClient chain, String royalties, long firstBlock) {
        this.chain = chain;
        this.royalties = royalties;
        this.firstBlock = firstBlock;
    }

    @Override
    public List<MoneyEvent> ofSoups(Set<Bytes32> soups) {
        return all().stream()
                .filter(event -> switch (event) {
                    case MoneyEvent.Paid paid -> soups.contains(paid.soupId());
                    case MoneyEvent.Settled settled -> soups.contains(settled.soupId());
                    case MoneyEvent.Claimed claimed -> soups.contains(claimed.soupId());
                    case MoneyEvent.Pulled pulled -> soups.contains(pulled.child()) || soups.contains(pulled.parent());
                    case MoneyEvent.Deposited deposited -> false;
                    case MoneyEvent.Withdrawn withdrawn -> false;
                })
                .toList();
    }

    @Override
    public List<MoneyEvent> ofPayer(EvmAddress payer) {
        return all().stream()
                .filter(event -> switch (event) {
                    case MoneyEvent.Settled settled -> settled.payer().equals(payer);
                    case MoneyEvent.Deposited deposited -> deposited.payer().equals(payer);
                    case MoneyEvent.Withdrawn withdrawn -> withdrawn.payer().equals(payer);
                    case MoneyEvent.Paid paid -> false;
                    case MoneyEvent.Claimed claimed -> false;
                    case MoneyEvent.Pulled pulled -> false;
                })
                .toList();
    }

    /** Everything that ever moved money, in chain order. */
    public List<MoneyEvent> all() {
        List<MoneyEvent> events = new ArrayList<>();
        Map<Long, Instant> times = new HashMap<>();
        long head = chain.head().number();
        for (long from = firstBlock; from <= head; from += RANGE) {
            for (Log entry : chain.logs(from, Math.min(head, from + RANGE - 1), List.of(royalties), List.of())) {
                event(entry, times).ifPresent(events::add);
            }
        }
        return events;
    }

    private Optional<MoneyEvent> event(Log entry, Map<Long, Instant> times) {
        long block = entry.getBlockNumber().longValueExact();
        Moment at = new Moment(
                block,
                entry.getLogIndex().intValueExact(),
                entry.getTransactionHash(),
                times.computeIfAbsent(block, this::time));
        String topic = entry.getTopics().getFirst();
        if (topic.equals(EventEncoder.encode(BitDeltaRoyalties.PAID_EVENT))) {
            var event = BitDeltaRoyalties.getPaidEventFromLog(entry);
            return Optional.of(new MoneyEvent.Paid(
                    at,
                    Bytes32.of(event.soupId),
                    EvmAddress.of(event.token),
                    EvmAddress.of(event.payer),
                    event.received));
        }
        if (topic.equals(EventEncoder.encode(BitDeltaRoyalties.VOUCHERSETTLED_EVENT))) {
            var event = BitDeltaRoyalties.getVoucherSettledEventFromLog(entry);
            return Optional.of(new MoneyEvent.Settled(
                    at,
                    Bytes32.of(event.soupId),
                    EvmAddress.of(event.token),
                    EvmAddress.of(event.payer),
                    event.cumulative,
                    event.amount));
        }
        if (topic.equals(EventEncoder.encode(BitDeltaRoyalties.CLAIMED_EVENT))) {
            var event = BitDeltaRoyalties.getClaimedEventFromLog(entry);
            return Optional.of(new MoneyEvent.Claimed(
                    at,
                    Bytes32.of(event.soupId),
                    EvmAddress.of(event.token),
                    event.index.longValueExact(),
                    EvmAddress.of(event.identity),
                    EvmAddress.of(event.to),
                    event.amount));
        }
        if (topic.equals(EventEncoder.encode(BitDeltaRoyalties.PULLED_EVENT))) {
            var event = BitDeltaRoyalties.getPulledEventFromLog(entry);
            return Optional.of(new MoneyEvent.Pulled(
                    at,
                    Bytes32.of(event.child),
                    EvmAddress.of(event.token),
                    event.index.longValueExact(),
                    Bytes32.of(event.parent),
                    event.amount));
        }
        if (topic.equals(EventEncoder.encode(BitDeltaRoyalties.DEPOSITED_EVENT))) {
            var event = BitDeltaRoyalties.getDepositedEventFromLog(entry);
            return Optional.of(new MoneyEvent.Deposited(
                    at, EvmAddress.of(event.token), EvmAddress.of(event.payer), event.received));
        }
        if (topic.equals(EventEncoder.encode(BitDeltaRoyalties.ESCROWWITHDRAWN_EVENT))) {
            var event = BitDeltaRoyalties.getEscrowWithdrawnEventFromLog(entry);
            return Optional.of(
                    new MoneyEvent.Withdrawn(at, EvmAddress.of(event.token), EvmAddress.of(event.payer), event.amount));
        }
        return Optional.empty();
    }

    private Instant time(long block) {
        return Instant.ofEpochSecond(chain.block(block)
                .orElseThrow(() -> new ChainException("block %d is gone (a reorg?): try again".formatted(block)))
                .timestamp());
    }
}

package io.bitdelta.node.royalty.ledger;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.engine.soup.WeightTree;
import io.bitdelta.node.soup.SoupWeights;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Every change of what an identity could claim: up with each receipt of a soup that pays it, down with each claim. The sum
 * of all changes in a token is what the contract would pay out now.
 */
public final class IdentityLedger {
    private final MoneyEvents events;
    private final SoupWeights weights;

    /** @param weights of the soups; those not gathered yet pay nobody here */
    public IdentityLedger(MoneyEvents events, SoupWeights weights) {
        this.events = events;
        this.weights = weights;
    }

    /** Why a balance changed. */
    public enum Cause {
        PAYMENT,
        VOUCHER,
        PULL,
        CLAIM
    }

    /**
     * One change.
     *
     * @param at where on the chain
     * @param cause why
     * @param token in what
     * @param soupId whose pot
     * @param leaf of the soup's weights
     * @param counterparty who paid (address or child soup), or where a claim went to; lowercase 0x-hex
     * @param amount earned above zero, drawn below; never zero
     */
    public record Change(
            Moment at,
            Cause cause,
            EvmAddress token,
            Bytes32 soupId,
            long leaf,
            String counterparty,
            BigInteger amount) {}

    /** All changes of an identity, in chain order. */
    public List<Change> changes(EvmAddress identity) {
        Map<Bytes32, Map<Integer, WeightTree.Share>> leaves = new HashMap<>();
        for (Bytes32 soupId : weights.paying(identity)) {
            leaves.put(soupId, leaves(soupId, identity));
        }
        if (leaves.isEmpty()) {
            return List.of();
        }
        Set<Bytes32> soups = new HashSet<>(leaves.keySet());
        Pots pots = new Pots(soups);
        List<Change> changes = new ArrayList<>();
        for (MoneyEvent event : events.ofSoups(soups)) {
            switch (event) {
                case MoneyEvent.Paid paid ->
                    earn(
                            changes,
                            leaves,
                            pots,
                            event,
                            paid.soupId(),
                            Cause.PAYMENT,
                            paid.payer().hex(),
                            paid.received());
                case MoneyEvent.Settled settled ->
                    earn(
                            changes,
                            leaves,
                            pots,
                            event,
                            settled.soupId(),
                            Cause.VOUCHER,
                            settled.payer().hex(),
                            settled.amount());
                case MoneyEvent.Pulled pulled ->
                    earn(
                            changes,
                            leaves,
                            pots,
                            event,
                            pulled.parent(),
                            Cause.PULL,
                            pulled.child().hex(),
                            pulled.amount());
                case MoneyEvent.Claimed claimed -> claim(changes, leaves, claimed);
                case MoneyEvent.Deposited escrowed -> {}
                case MoneyEvent.Withdrawn escrowed -> {}
            }
            pots.apply(event);
        }
        return changes;
    }

    private Map<Integer, WeightTree.Share> leaves(Bytes32 soupId, EvmAddress identity) {
        List<WeightTree.Share> shares = weights.of(soupId).shares();
        Map<Integer, WeightTree.Share> mine = new TreeMap<>();
        for (int leaf = 0; leaf < shares.size(); leaf++) {
            if (RoyaltyBook.pays(shares.get(leaf), identity)) {
                mine.put(leaf, shares.get(leaf));
            }
        }
        return mine;
    }

    private static void earn(
            List<Change> changes,
            Map<Bytes32, Map<Integer, WeightTree.Share>> leaves,
            Pots pots,
            MoneyEvent event,
            Bytes32 soupId,
            Cause cause,
            String payer,
            BigInteger amount) {
        Map<Integer, WeightTree.Share> mine = leaves.getOrDefault(soupId, Map.of());
        BigInteger before = pots.of(soupId, event.token()).received();
        mine.forEach((leaf, share) -> {
            BigInteger earned = PotAccount.earned(before.add(amount), share).subtract(PotAccount.earned(before, share));
            if (earned.signum() > 0) {
                changes.add(new Change(event.at(), cause, event.token(), soupId, leaf, payer, earned));
            }
        });
    }

    private static void claim(
            List<Change> changes, Map<Bytes32, Map<Integer, WeightTree.Share>> leaves, MoneyEvent.Claimed claimed) {
        boolean mine = leaves.getOrDefault(claimed.soupId(), Map.of()).containsKey(Math.toIntExact(claimed.leaf()));
        if (mine && claimed.amount().signum() > 0) {
            changes.add(new Change(
                    claimed.at(),
                    Cause.CLAIM,
                    claimed.token(),
                    claimed.soupId(),
                    claimed.leaf(),
                    claimed.to().hex(),
                    claimed.amount().negate()));
        }
    }
}

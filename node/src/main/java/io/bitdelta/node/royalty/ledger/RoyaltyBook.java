package io.bitdelta.node.royalty.ledger;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.engine.soup.WeightTree;
import io.bitdelta.node.soup.SoupWeights;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Who has what: balances of identities and pots of soups, from events and weights. */
public final class RoyaltyBook {
    private final MoneyEvents events;
    private final SoupWeights weights;

    /**
     * @param events of the royalties contract
     * @param weights of the soups; those not gathered yet pay nobody here
     */
    public RoyaltyBook(MoneyEvents events, SoupWeights weights) {
        this.events = events;
        this.weights = weights;
    }

    /**
     * What a soup took in and gave out in one token.
     *
     * @param token in what
     * @param received for life
     * @param paid for life
     */
    public record Pot(EvmAddress token, BigInteger received, BigInteger paid) {}

    /** All that an identity has, by token in ascending order of address. */
    public List<TokenBalance> balances(EvmAddress identity) {
        Set<Bytes32> earning = new LinkedHashSet<>(weights.paying(identity));
        Set<Bytes32> all = withChildren(earning);
        Pots pots = folded(all);
        Map<String, BigInteger> escrow = escrows(identity);
        Map<String, List<ShareBalance>> shares = new TreeMap<>();
        escrow.keySet().forEach(token -> shares.put(token, new ArrayList<>()));
        for (EvmAddress token : pots.tokens()) {
            Upstream upstream = new Upstream(pots, token);
            for (Bytes32 soupId : earning) {
                shares.computeIfAbsent(token.hex(), fresh -> new ArrayList<>())
                        .addAll(balances(soupId, identity, token, pots, upstream));
            }
        }
        return shares.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty() || escrow.containsKey(entry.getKey()))
                .map(entry -> new TokenBalance(
                        EvmAddress.of(entry.getKey()),
                        entry.getValue(),
                        escrow.getOrDefault(entry.getKey(), BigInteger.ZERO)))
                .toList();
    }

    /**
     * A share of a child soup that its parent has not taken yet.
     *
     * @param token in what
     * @param child whose pot holds it
     * @param leaf of the child's weights
     * @param parent who it belongs to
     * @param drawn what the leaf has drawn before
     */
    public record Pull(EvmAddress token, Bytes32 child, long leaf, Bytes32 parent, BigInteger drawn) {}

    /** What to pull before an identity claims, children before their parents; empty when nothing would come of it. */
    public List<Pull> pulls(EvmAddress identity) {
        Set<Bytes32> earning = new LinkedHashSet<>(weights.paying(identity));
        Pots pots = folded(withChildren(earning));
        List<Pull> pulls = new ArrayList<>();
        for (EvmAddress token : pots.tokens()) {
            Upstream upstream = new Upstream(pots, token);
            Set<Bytes32> done = new HashSet<>();
            earning.forEach(parent -> upstream.pulls(parent, done, pulls));
        }
        return pulls;
    }

    /** A soup's pots, by token in ascending order of address. */
    public List<Pot> pots(Bytes32 soupId) {
        Pots pots = folded(Set.of(soupId));
        List<Pot> found = new ArrayList<>();
        for (EvmAddress token : pots.tokens()) {
            PotAccount account = pots.of(soupId, token);
            if (account.received().signum() > 0) {
                found.add(new Pot(token, account.received(), account.paid()));
            }
        }
        return found;
    }

    private List<ShareBalance> balances(
            Bytes32 soupId, EvmAddress identity, EvmAddress token, Pots pots, Upstream upstream) {
        PotAccount account = pots.of(soupId, token);
        BigInteger after = upstream.received(soupId);
        List<ShareBalance> found = new ArrayList<>();
        if (after.signum() == 0) {
            return found;
        }
        List<WeightTree.Share> shares = weights.of(soupId).shares();
        for (int leaf = 0; leaf < shares.size(); leaf++) {
            WeightTree.Share share = shares.get(leaf);
            if (pays(share, identity)) {
                BigInteger earned = account.earned(share);
                BigInteger claimable = earned.subtract(account.drawn(leaf)).max(BigInteger.ZERO);
                found.add(new ShareBalance(
                        soupId,
                        leaf,
                        share.start(),
                        share.end(),
                        token,
                        earned,
                        account.drawn(leaf),
                        claimable.min(account.received().subtract(account.paid())),
                        PotAccount.earned(after, share).subtract(earned)));
            }
        }
        return found;
    }

    static boolean pays(WeightTree.Share share, EvmAddress identity) {
        byte[] word = share.who().bytes();
        return share.kind() == WeightTree.Kind.IDENTITY
                && Arrays.equals(
                        identity.bytes(), Arrays.copyOfRange(word, word.length - EvmAddress.LENGTH, word.length));
    }

    private Pots folded(Set<Bytes32> soups) {
        Pots pots = new Pots(soups);
        if (!soups.isEmpty()) {
            events.ofSoups(soups).forEach(pots::apply);
        }
        return pots;
    }

    private Map<String, BigInteger> escrows(EvmAddress payer) {
        Map<String, BigInteger> escrows = new TreeMap<>();
        for (MoneyEvent event : events.ofPayer(payer)) {
            BigInteger change =
                    switch (event) {
                        case MoneyEvent.Deposited deposited -> deposited.received();
                        case MoneyEvent.Withdrawn withdrawn ->
                            withdrawn.amount().negate();
                        case MoneyEvent.Settled settled -> settled.amount().negate();
                        case MoneyEvent.Paid paid -> BigInteger.ZERO;
                        case MoneyEvent.Claimed claimed -> BigInteger.ZERO;
                        case MoneyEvent.Pulled pulled -> BigInteger.ZERO;
                    };
            escrows.merge(event.token().hex(), change, BigInteger::add);
        }
        return escrows;
    }

    /** The soups, and all soups whose income flows into them. A soup's id commits to its parents, so there are no cycles. */
    private Set<Bytes32> withChildren(Set<Bytes32> soups) {
        Set<Bytes32> all = new HashSet<>(soups);
        List<Bytes32> open = new ArrayList<>(soups);
        while (!open.isEmpty()) {
            for (Bytes32 child : weights.paying(open.removeLast())) {
                if (all.add(child)) {
                    open.add(child);
                }
            }
        }
        return all;
    }

    /** What soups would have received, were all shares of child soups pulled, children first. */
    private final class Upstream {
        private final Pots pots;
        private final EvmAddress token;
        private final Map<Bytes32, BigInteger> known = new HashMap<>();

        private Upstream(Pots pots, EvmAddress token) {
            this.pots = pots;
            this.token = token;
        }

        private BigInteger received(Bytes32 soupId) {
            BigInteger before = known.get(soupId);
            if (before != null) {
                return before;
            }
            BigInteger received = pots.of(soupId, token).received();
            for (Bytes32 child : weights.paying(soupId)) {
                received = received.add(owed(child, soupId));
            }
            known.put(soupId, received);
            return received;
        }

        private BigInteger owed(Bytes32 child, Bytes32 parent) {
            BigInteger owed = BigInteger.ZERO;
            List<WeightTree.Share> shares = weights.of(child).shares();
            for (int leaf = 0; leaf < shares.size(); leaf++) {
                owed = owed.add(owed(child, shares.get(leaf), leaf, parent));
            }
            return owed;
        }

        private BigInteger owed(Bytes32 child, WeightTree.Share share, long leaf, Bytes32 parent) {
            if (share.kind() != WeightTree.Kind.SOUP
                    || !Arrays.equals(share.who().bytes(), parent.bytes())) {
                return BigInteger.ZERO;
            }
            return PotAccount.earned(received(child), share)
                    .subtract(pots.of(child, token).drawn(leaf))
                    .max(BigInteger.ZERO);
        }

        private void pulls(Bytes32 parent, Set<Bytes32> done, List<Pull> found) {
            if (!done.add(parent)) {
                return;
            }
            for (Bytes32 child : weights.paying(parent)) {
                pulls(child, done, found);
                List<WeightTree.Share> shares = weights.of(child).shares();
                for (int leaf = 0; leaf < shares.size(); leaf++) {
                    if (owed(child, shares.get(leaf), leaf, parent).signum() > 0) {
                        found.add(new Pull(
                                token,
                                child,
                                leaf,
                                parent,
                                pots.of(child, token).drawn(leaf)));
                    }
                }
            }
        }
    }
}

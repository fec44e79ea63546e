package io.bitdelta.node.royalty.ledger;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The pots of some soups, folded from their events. */
final class Pots {
    private record Key(Bytes32 soupId, EvmAddress token) {}

    private final Set<Bytes32> soups;
    private final Map<Key, PotAccount> accounts = new HashMap<>();
    private final TreeSet<String> tokens = new TreeSet<>();

    /** @param soups whose pots are kept; others that an event touches are not */
    Pots(Set<Bytes32> soups) {
        this.soups = Set.copyOf(soups);
    }

    void apply(MoneyEvent event) {
        switch (event) {
            case MoneyEvent.Paid paid -> receive(paid.soupId(), paid.token(), paid.received());
            case MoneyEvent.Settled settled -> receive(settled.soupId(), settled.token(), settled.amount());
            case MoneyEvent.Claimed claimed ->
                draw(claimed.soupId(), claimed.token(), claimed.leaf(), claimed.amount());
            case MoneyEvent.Pulled pulled -> {
                draw(pulled.child(), pulled.token(), pulled.leaf(), pulled.amount());
                receive(pulled.parent(), pulled.token(), pulled.amount());
            }
            case MoneyEvent.Deposited escrowed -> {}
            case MoneyEvent.Withdrawn escrowed -> {}
        }
    }

    private void receive(Bytes32 soupId, EvmAddress token, BigInteger amount) {
        if (soups.contains(soupId)) {
            of(soupId, token).receive(amount);
        }
    }

    private void draw(Bytes32 soupId, EvmAddress token, long leaf, BigInteger amount) {
        if (soups.contains(soupId)) {
            of(soupId, token).draw(leaf, amount);
        }
    }

    PotAccount of(Bytes32 soupId, EvmAddress token) {
        tokens.add(token.hex());
        return accounts.computeIfAbsent(new Key(soupId, token), key -> new PotAccount());
    }

    /** All tokens that moved, in ascending order of their addresses. */
    Iterable<EvmAddress> tokens() {
        return tokens.stream().map(EvmAddress::of).toList();
    }
}

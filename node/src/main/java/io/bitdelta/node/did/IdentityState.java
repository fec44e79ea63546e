package io.bitdelta.node.did;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An identity after some of its events.
 *
 * @param owner who controls it; empty when it is deactivated
 * @param delegates live ones, in the order in which they were first named
 * @param attributes live ones, in the order in which they were first set
 * @param goodUntil Unix seconds at which the first of them ends; {@link Long#MAX_VALUE} when there are none
 */
record IdentityState(Optional<EvmAddress> owner, List<Delegate> delegates, List<Attribute> attributes, long goodUntil) {
    /**
     * Somebody who may act for it.
     *
     * @param ordinal number among all delegate and attribute events that named something new, from 1: keeps ids stable
     */
    record Delegate(int ordinal, Bytes32 type, EvmAddress account) {}

    /** Something said about it. */
    record Attribute(int ordinal, Bytes32 name, String valueHex) {}

    private record Key(String kind, Bytes32 name, String value) {}

    private record Kept(int ordinal, Key key, long validTo) {}

    IdentityState {
        delegates = List.copyOf(delegates);
        attributes = List.copyOf(attributes);
    }

    /**
     * @param events oldest first
     * @param atSeconds what is valid until then or shorter has ended
     */
    static IdentityState after(EvmAddress identity, Collection<IdentityEvent> events, long atSeconds) {
        Optional<EvmAddress> owner = Optional.of(identity);
        Map<Key, Kept> kept = new LinkedHashMap<>();
        int ordinal = 0;
        for (IdentityEvent event : events) {
            switch (event) {
                case IdentityEvent.OwnerChanged change -> owner = account(change.owner());
                case IdentityEvent.DelegateChanged change -> {
                    Key key = new Key("delegate", change.type(), change.delegate());
                    ordinal += kept.containsKey(key) ? 0 : 1;
                    kept.put(key, new Kept(ordinalOf(kept.get(key), ordinal), key, change.validTo()));
                }
                case IdentityEvent.AttributeChanged change -> {
                    Key key = new Key("attribute", change.name(), change.valueHex());
                    ordinal += kept.containsKey(key) ? 0 : 1;
                    kept.put(key, new Kept(ordinalOf(kept.get(key), ordinal), key, change.validTo()));
                }
            }
        }
        List<Delegate> delegates = new ArrayList<>();
        List<Attribute> attributes = new ArrayList<>();
        long goodUntil = Long.MAX_VALUE;
        for (Kept one : kept.values()) {
            if (one.validTo() <= atSeconds) {
                continue;
            }
            goodUntil = Math.min(goodUntil, one.validTo());
            if (one.key().kind().equals("delegate")) {
                delegates.add(new Delegate(
                        one.ordinal(), one.key().name(), EvmAddress.of(one.key().value())));
            } else {
                attributes.add(
                        new Attribute(one.ordinal(), one.key().name(), one.key().value()));
            }
        }
        return new IdentityState(owner, delegates, attributes, goodUntil);
    }

    private static int ordinalOf(@org.jspecify.annotations.Nullable Kept known, int next) {
        return known == null ? next : known.ordinal();
    }

    private static Optional<EvmAddress> account(String hex) {
        EvmAddress address = EvmAddress.of(hex);
        return new BigInteger(1, address.bytes()).signum() == 0 ? Optional.empty() : Optional.of(address);
    }
}
